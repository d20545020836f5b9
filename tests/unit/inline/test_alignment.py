"""Links survive the way from what an engine reads and says to the document."""

from __future__ import annotations

from batchtx.inline.alignment import project_links, source_spans
from batchtx.records import Link
from batchtx.text.protect import Masked, Restored, restore


def test_each_character_that_an_engine_reads_leads_back_to_the_source() -> None:
    plain = "自２０２４年5月1日起　生效"
    read = "自⟦1⟧起 生效"
    spans = source_spans(read, plain, [9])
    assert [plain[slice(*spans[read.index(char)])] for char in "自起生效"] == ["自", "起", "生", "效"]
    assert plain[slice(*spans[1])] == "２０２４年5月1日"


def test_an_annotated_term_stands_for_itself() -> None:
    read = "签订⟦t⟧合同⟦=⟧contract⟦/t⟧后"
    spans = source_spans(read, "签订合同后", [])
    assert [spans[read.index(char)] for char in "合同后"] == [(2, 3), (3, 4), (4, 5)]


def test_a_mark_links_what_it_stood_for_with_what_it_became() -> None:
    source, read, said = "自2024年5月1日起生效", "自⟦1⟧起生效", "Effective from⟦1⟧."
    restored = restore(said, Masked(read, ("May 1, 2024",), ((1, 10),)))
    assert restored == Restored("Effective from May 1, 2024.", ((15, 26),))
    word = Link(read.index("生"), len(read), 0, len("Effective"))
    stop = Link(len(read) - 1, len(read), said.index("."), len(said))
    wrong = Link(0, 1, said.index("⟦"), said.index("⟧"))
    projected = project_links([word, stop, wrong], source_spans(read, source, [9]), read, said, restored)
    shown = [
        (source[a.source_start : a.source_end], restored.text[a.target_start : a.target_end])
        for a in projected.links
    ]
    assert shown == [("生效", "Effective"), ("效", "."), ("2024年5月1日", "May 1, 2024")]
    assert projected.placeholders == projected.links[-1:]
