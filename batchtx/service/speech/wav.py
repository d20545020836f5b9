"""Recordings as numbers: WAV of any usual kind becomes one channel at the rate that Whisper hears."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING, Any

from batchtx.service.refusal import Refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that Whisper was trained on."""

_FILTER_HALF = 16
"""Zero crossings of the filter on each side: above that nothing is heard of aliases."""

_FLOAT = 3


def read_wav(content: bytes, longest_s: float) -> NDArray[Any]:
    """Returns the samples of a recording, -1 to 1, one channel, 16 kHz, float32.

    Raises:
        Refusal: it is no WAV, of an unknown kind, or too long.
    """
    import numpy as np

    rate, channels, samples = _samples(content)
    if not samples.size:
        raise Refusal(400, "Invalid request: the recording is empty")
    if samples.size / channels / rate > longest_s:
        raise Refusal(400, f"Invalid request: the recording is longer than {longest_s:g} seconds")
    whole = samples[: samples.size - samples.size % channels].reshape(-1, channels)
    return np.asarray(_resampled(whole.mean(axis=1, dtype=np.float64), rate), dtype=np.float32)


def _samples(content: bytes) -> tuple[int, int, Any]:
    """Rate, channels, and the samples of all channels in turn."""
    import numpy as np

    kind = _kind(content)
    if kind == _FLOAT:  # the standard library knows whole numbers alone
        content = content.replace(struct.pack("<H", _FLOAT), struct.pack("<H", 1), 1)
    try:
        with wave.open(io.BytesIO(content)) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError, struct.error, ValueError, ZeroDivisionError):
        raise Refusal(400, "Invalid request: the recording is no WAV (PCM)") from None
    if not (8_000 <= rate <= 192_000 and 1 <= channels <= 8):
        raise Refusal(400, "Invalid request: the recording has an unusual rate or number of channels")
    frames = frames[: len(frames) - len(frames) % width]
    if kind == _FLOAT and width == 4:
        return rate, channels, np.nan_to_num(np.frombuffer(frames, "<f4").clip(-1, 1))
    if width == 1:
        return rate, channels, (np.frombuffer(frames, np.uint8).astype(np.float32) - 128) / 128
    if width == 2:
        return rate, channels, np.frombuffer(frames, "<i2").astype(np.float32) / 2**15
    if width == 3:
        raw = np.frombuffer(frames, np.uint8).reshape(-1, 3).astype(np.int32)
        whole = (raw[:, 0] << 8) | (raw[:, 1] << 16) | (raw[:, 2] << 24)
        return rate, channels, whole.astype(np.float32) / 2**31
    if width == 4:
        return rate, channels, np.frombuffer(frames, "<i4").astype(np.float32) / 2**31
    raise Refusal(400, "Invalid request: the recording has an unusual width of samples")


def _kind(content: bytes) -> int:
    """The kind of samples that the head tells, 0 where there is none: 1 whole numbers, 3 fractions."""
    at = content.find(b"fmt ", 12, 200)
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE" or at < 0 or len(content) < at + 10:
        return 0
    (kind,) = struct.unpack_from("<H", content, at + 8)
    return int(kind)


def _resampled(samples: Any, rate: int) -> Any:
    """Samples at another rate, by a windowed sinc: what 16 kHz cannot hold is filtered out before."""
    import numpy as np

    if rate == RATE:
        return samples
    cut = min(1.0, RATE / rate)
    half = int(np.ceil(_FILTER_HALF / cut))
    padded = np.pad(samples, half + 1)
    n_out = int(samples.size * RATE / rate)
    out = np.empty(n_out)
    offsets = np.arange(-half, half + 1)
    for start in range(0, n_out, 4096):
        position = np.arange(start, min(start + 4096, n_out)) * (rate / RATE)
        base = np.floor(position).astype(np.int64)
        distance = offsets[None, :] - (position - base)[:, None]
        window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / (half + 1), -1, 1))
        weights = cut * np.sinc(cut * distance) * window
        taps = padded[base[:, None] + offsets[None, :] + half + 1]
        out[start : start + position.size] = (weights * taps).sum(axis=1)
    return out
