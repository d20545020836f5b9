"""How long a run goes on, by how fast it got on lately."""

from __future__ import annotations

from collections import deque

_WINDOW_S = 30.0
_LEAST_S = 3.0


class Pace:
    """Estimates the time left from the share that was done within the last half minute.

    What came from the memory at the start was fast, and sentences that are tried again are slow: the mean of
    the whole run would tell neither.
    """

    def __init__(self) -> None:
        self._marks: deque[tuple[float, float]] = deque()

    def note(self, now_s: float, share: float) -> None:
        """Notes which share of the run is done at a time."""
        if self._marks and now_s - self._marks[-1][0] < 0.2:
            return
        self._marks.append((now_s, share))
        while len(self._marks) > 2 and now_s - self._marks[1][0] > _WINDOW_S:
            self._marks.popleft()

    def left_s(self) -> float | None:
        """Returns the seconds that are left; None before there is anything to tell them by."""
        if len(self._marks) < 2:
            return None
        (start_s, start), (now_s, now) = self._marks[0], self._marks[-1]
        if now_s - start_s < _LEAST_S or now <= start:
            return None
        return (1.0 - now) * (now_s - start_s) / (now - start)


def clock(seconds: float | None) -> str:
    """Returns 75 as "1:15", 4000 as "1:06:40"; "?" for what is not known."""
    if seconds is None:
        return "?"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
