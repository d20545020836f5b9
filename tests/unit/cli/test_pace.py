"""The time left follows how fast the run gets on now, not how fast its start was."""

from __future__ import annotations

import pytest

from batchtx.cli.pace import Pace, clock


def test_nothing_is_told_before_there_is_anything_to_tell_it_by() -> None:
    pace = Pace()
    assert pace.left_s() is None
    pace.note(0.0, 0.0)
    pace.note(1.0, 0.4)
    assert pace.left_s() is None


def test_what_came_from_the_memory_does_not_count_for_ever() -> None:
    pace = Pace()
    pace.note(0.0, 0.0)
    pace.note(1.0, 0.40)  # remembered
    for second in range(2, 122):
        pace.note(float(second), 0.40 + 0.001 * (second - 1))
    assert pace.left_s() == pytest.approx((1.0 - 0.52) / 0.001, rel=0.05)


def test_a_run_that_slows_down_is_seen_within_half_a_minute() -> None:
    pace = Pace()
    for second in range(60):
        pace.note(float(second), second / 100)
    for second in range(60, 95):
        pace.note(float(second), 0.6 + (second - 60) / 1000)
    left = pace.left_s()
    assert left is not None and left > 250


def test_a_run_that_stands_still_tells_no_end() -> None:
    pace = Pace()
    for second in range(10):
        pace.note(float(second), 0.5)
    assert pace.left_s() is None


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "?"), (0.4, "0:00"), (75, "1:15"), (59.6, "1:00"), (4000, "1:06:40")]
)
def test_a_clock_is_read_at_a_glance(seconds: float | None, shown: str) -> None:
    assert clock(seconds) == shown
