"""Recordings of every usual kind sound the same."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest

from batchtx.service.refusal import Refusal
from batchtx.service.speech.wav import RATE, read_wav


def tone(hertz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def wav(samples: np.ndarray, rate: int, width: int = 2, channels: int = 1) -> bytes:
    whole = np.repeat(samples, channels)
    if width == 1:
        frames = (whole * 127 + 128).astype(np.uint8).tobytes()
    elif width == 3:
        frames = b"".join(struct.pack("<i", int(one * (2**23 - 1)))[:3] for one in whole)
    else:
        frames = (whole * (2 ** (8 * width - 1) - 1)).astype(f"<i{width}").tobytes()
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(frames)
    return file.getvalue()


def as_floats(samples: np.ndarray, rate: int) -> bytes:
    data = samples.astype("<f4").tobytes()
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate, rate * 4, 4, 32)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def pitch(samples: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * RATE / samples.size)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_and_strength_at_every_rate(rate: int) -> None:
    samples = read_wav(wav(tone(440, rate), rate), 10)
    assert samples.size == pytest.approx(RATE / 2, abs=2)
    assert pitch(samples) == pytest.approx(440, abs=3)
    assert np.abs(samples[1000:-1000]).max() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (2, 1), (3, 1), (4, 1), (2, 2), (2, 6)])
def test_every_width_and_number_of_channels_is_heard(width: int, channels: int) -> None:
    samples = read_wav(wav(tone(440, RATE), RATE, width, channels), 10)
    assert np.abs(samples - tone(440, RATE)).max() < 0.02


def test_fractions_are_heard_too() -> None:
    assert np.abs(read_wav(as_floats(tone(440, RATE), RATE), 10) - tone(440, RATE)).max() < 1e-6


def test_what_16_khz_cannot_hold_leaves_no_other_tone() -> None:
    samples = read_wav(wav(tone(15_000, 48_000), 48_000), 10)  # without a filter it would sound as 1 kHz
    assert np.abs(samples[1000:-1000]).max() < 0.01


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"RIFF\0\0\0\0WAVE",
        b"ID3 is no wave",
        wav(tone(440, RATE), RATE)[:30],
        b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\xff" * 200,
        wav(tone(440, RATE), RATE).replace(b"fmt ", b"fnt "),
    ],
)
def test_what_is_no_recording_is_the_clients_fault(content: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        read_wav(content, 10)
    assert refusal.value.status == 400


def test_a_long_and_an_empty_recording_are_refused() -> None:
    with pytest.raises(Refusal, match=r"longer than 0\.2 seconds"):
        read_wav(wav(tone(440, RATE), RATE), 0.2)
    with pytest.raises(Refusal, match="empty"):
        read_wav(wav(tone(440, RATE, 0), RATE), 1)
    with pytest.raises(Refusal, match="unusual rate"):
        read_wav(wav(tone(440, 1000), 1000), 1)
