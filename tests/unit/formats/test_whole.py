"""A format that only says what its units are keeps the whole contract of a document."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from batchtx.errors import DocumentError
from batchtx.formats.source import Source
from batchtx.formats.whole import WholeDocument
from batchtx.records import Problem, Unit, UnitTarget

CUES = "1\n00:01 --> 00:02\n你好。\n\n2\n00:03 --> 00:04\n再见。\n".encode()
_CUE = re.compile(r"( --> \S+\n)([^\n]+)")


class Subtitles(WholeDocument):
    """Titles of films, cue by cue."""

    def parse(self, content: bytes) -> list[Unit | Problem]:
        try:
            self._text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DocumentError(self.name, f"byte {error.start} is not UTF-8") from None
        found = enumerate(_CUE.finditer(self._text), 1)
        return [Unit(f"cue {number}", f"cue {number}", cue[2]) for number, cue in found]

    def render(self, targets: Sequence[str]) -> bytes:
        waiting = iter(targets)
        return _CUE.sub(lambda cue: cue[1] + next(waiting), self._text).encode("utf-8")


def opened() -> Subtitles:
    return Subtitles(Source("a.srt", stream=io.BytesIO(CUES)))


def known(document: Subtitles, add: str = "") -> list[UnitTarget]:
    return [UnitTarget(u.address, u.text + add) for u in document.units() if isinstance(u, Unit)]


def written(document: Subtitles, targets: Sequence[UnitTarget]) -> bytes:
    output = io.BytesIO()
    document.write(targets, output)
    return output.getvalue()


def test_equal_targets_give_the_input_and_others_stand_in_their_places() -> None:
    one, other = opened(), opened()
    assert written(one, known(one)) == CUES
    assert written(other, known(other, "！")) == CUES.replace("。".encode(), "。！".encode())


def test_progress_goes_from_nothing_to_all() -> None:
    document = opened()
    assert document.progress() == 0
    shares = [document.progress() for _ in document.units()]
    assert (shares, document.progress()) == ([0.0, 0.5], 1.0)


def test_targets_that_are_too_few_too_many_or_of_another_place_are_refused() -> None:
    one, other, third, unread = opened(), opened(), opened(), opened()
    with pytest.raises(ValueError, match="fewer targets than units"):
        written(one, known(one)[:1])
    with pytest.raises(ValueError, match="a target for cue 3, but no unit waits"):
        written(other, [*known(other), UnitTarget("cue 3", "x")])
    with pytest.raises(ValueError, match="a target for cue 2, but no unit waits"):
        written(third, known(third)[::-1])
    with pytest.raises(ValueError, match="before the units were read"):
        written(unread, [])


def test_an_output_that_lost_a_cue_or_is_damaged_is_refused(tmp_path: Path) -> None:
    document, path = opened(), tmp_path / "out.srt"
    path.write_bytes(written(document, known(document, "！")))
    document.verify(path)
    for content in (CUES[: len(CUES) // 2], CUES[:-6] + b"\xff"):
        path.write_bytes(content)
        with pytest.raises(DocumentError):
            document.verify(path)


def test_a_file_that_needs_much_memory_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened()
    assert not caplog.records
    monkeypatch.setattr("batchtx.formats.whole.HEAVY_BYTES", len(CUES) - 1)
    opened()
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert "a.srt" in caplog.text
