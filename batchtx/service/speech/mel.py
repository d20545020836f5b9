"""Samples as Whisper reads them: 30 seconds of log-Mel spectrum.

As in OpenAI's `whisper/audio.py` (MIT): windows of 25 ms every 10 ms, Slaney's Mel scale.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from batchtx.service.speech.wav import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_S = 30
"""Whisper hears so many seconds at once."""

N_SAMPLES = WINDOW_S * RATE
_N_FFT = 400
_HOP = 160
_LINEAR_HZ = 1000.0
_HZ_PER_MEL = 200.0 / 3
_LOG_STEP = 27.0
_LOG_BASE = 6.4


def log_mel(samples: NDArray[Any], n_mels: int) -> NDArray[Any]:
    """Returns the log-Mel spectrum [n_mels, 3000] of up to 30 seconds, the rest silence."""
    import numpy as np

    audio = np.zeros(N_SAMPLES)
    audio[: min(samples.size, N_SAMPLES)] = samples[:N_SAMPLES]
    padded = np.pad(audio, _N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _N_FFT)[::_HOP][:-1]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_N_FFT) / _N_FFT)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    mel = _filters(n_mels) @ power.T
    log = np.log10(np.maximum(mel, 1e-10))
    log = np.maximum(log, log.max() - 8.0)
    return np.asarray((log + 4.0) / 4.0, dtype=np.float32)


@lru_cache
def _filters(n_mels: int) -> NDArray[Any]:
    """Triangles [n_mels, bins] of equal area, evenly spaced on the Mel scale from 0 to 8 kHz."""
    import numpy as np

    bins = np.fft.rfftfreq(_N_FFT, 1 / RATE)
    edges = _hertz(np.linspace(_mel(0.0), _mel(RATE / 2), n_mels + 2))
    rising = (bins[None, :] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None, :]) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None])


def _mel(hertz: float) -> float:
    from math import log

    if hertz < _LINEAR_HZ:
        return hertz / _HZ_PER_MEL
    return _LINEAR_HZ / _HZ_PER_MEL + log(hertz / _LINEAR_HZ) * _LOG_STEP / log(_LOG_BASE)


def _hertz(mel: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    knee = _LINEAR_HZ / _HZ_PER_MEL
    above = _LINEAR_HZ * _LOG_BASE ** ((mel - knee) / _LOG_STEP)
    return np.asarray(np.where(mel < knee, mel * _HZ_PER_MEL, above))
