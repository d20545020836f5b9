"""Documents to measure on hold the same sentences in every format."""

from __future__ import annotations

import pytest

from batchtx.bench.corpus import segments
from batchtx.bench.format_documents import make_document
from batchtx.bench.formats import measure_formats, table
from batchtx.formats import FORMATS
from batchtx.text.inline_codes import CODE
from tests.helpers.formats import units

SENTENCES = list(segments(450))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_document_of_each_format_has_all_sentences(name: str) -> None:
    found = units(name, make_document(name, SENTENCES))
    assert [CODE.sub("", unit.text) for unit in found] == SENTENCES


def test_the_table_tells_each_format() -> None:
    speeds = measure_formats(30, ("srt", "xlsx"))
    lines = table(speeds).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:4]] == ["| srt", "| xlsx"]
    assert all(speed.echo_s > 0 and speed.verify_s > 0 for speed in speeds)
