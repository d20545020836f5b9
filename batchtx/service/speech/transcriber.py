"""Holds a Whisper model and writes down what it hears."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from batchtx.errors import ConfigError, ModelError
from batchtx.service.speech.mel import N_SAMPLES, log_mel
from batchtx.service.speech.wav import read_wav

LONGEST_S = 300.0
_START, _TASK, _PLAIN = "<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>"
_SPECIAL = re.compile(r"<\|[^|]*\|>")
_SILENCE = 0.6
"""From here on what is heard is nobody speaking."""


class Transcriber:
    """Transcribes recordings with a Whisper model in CTranslate2's form; safe to share between threads.

    The model is loaded by the first recording.

    Raises:
        ConfigError: the folder has no such model.
    """

    def __init__(self, folder: Path, compute_type: str = "int8") -> None:
        if not (folder / "model.bin").is_file():
            raise ConfigError(
                f"--speech-model {folder}: no model.bin in it; convert a Whisper model with "
                "ct2-transformers-converter and name its folder"
            )
        self._folder, self._compute_type = folder, compute_type
        self._lock = threading.Lock()
        self._model: Any = None

    def transcribe(self, content: bytes, language: str | None) -> tuple[str, str]:
        """Returns what is said in a recording, and in which language; None: the model finds out.

        Raises:
            Refusal: it is no WAV, or too long.
            ModelError: the model cannot be loaded.
        """
        samples = read_wav(content, LONGEST_S)
        texts: list[str] = []
        with self._lock:
            model = self._loaded()
            for start in range(0, samples.size, N_SAMPLES):
                features = self._features(model, samples[start : start + N_SAMPLES])
                if language is None:
                    language = _language(model.detect_language(features)[0][0][0])
                texts.append(self._heard(model, features, language))
        return _joined(texts), language or ""

    def _heard(self, model: Any, features: Any, language: str) -> str:
        prompt = [_START, f"<|{language}|>", _TASK, _PLAIN] if model.is_multilingual else [_START, _PLAIN]
        (result,) = model.generate(
            features, [prompt], beam_size=5, max_length=448, return_no_speech_prob=True, return_scores=True
        )
        return "" if result.no_speech_prob > _SILENCE else decode(result.sequences[0])

    def _features(self, model: Any, samples: Any) -> Any:
        import ctranslate2

        return ctranslate2.StorageView.from_array(log_mel(samples, model.n_mels)[None])

    def _loaded(self) -> Any:
        if self._model is None:
            import ctranslate2

            try:
                self._model = ctranslate2.models.Whisper(
                    str(self._folder), device="cpu", compute_type=self._compute_type
                )
            except (RuntimeError, ValueError) as error:
                raise ModelError(
                    f"{self._folder}: no Whisper model that CTranslate2 can load ({error})"
                ) from None
        return self._model


def decode(pieces: list[str]) -> str:
    """Returns the text of Whisper's pieces, in which each byte is a visible character, as in GPT-2."""
    joined = _SPECIAL.sub("", "".join(pieces))
    known = _bytes()
    return bytes(known[char] for char in joined if char in known).decode("utf-8", "replace").strip()


@lru_cache
def _bytes() -> dict[str, int]:
    visible = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(256 + n): byte for n, byte in enumerate(hidden)}


def _language(mark: str) -> str:
    return mark.strip("<|>")


def _joined(texts: list[str]) -> str:
    """Pieces of half a minute each: with a blank between where the script writes blanks."""
    text = ""
    for one in filter(None, texts):
        text += (" " if text and text[-1].isascii() and one[0].isascii() else "") + one
    return text
