"""English that is longer than its shape stands in smaller letters, so that slides show it whole at once."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from batchtx.formats.options import FormatOptions
from batchtx.formats.package_audit import audit_package
from batchtx.formats.slide_fit import STEPS, scale_for
from batchtx.formats.slide_frames import Frame
from batchtx.language.zh_en import PAIR
from tests.helpers.formats import written
from tests.helpers.office import deck, run, shape

LONG = "A sentence in English that is much longer than what it says in Chinese. " * 4
CM = 360_000


def framed(text: str, body: str = "<a:bodyPr/>", width: int = 8, height: int = 2) -> str:
    """A shape of this many centimetres."""
    transform = (
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width * CM}" cy="{height * CM}"/></a:xfrm></p:spPr>'
    )
    return shape(run(text)).replace("<p:spPr/>", transform).replace("<a:bodyPr/>", body)


def fits(content: bytes, target: str) -> list[str]:
    """What the slides say of the size of their letters, in the order of the shapes."""
    done = written("pptx", content, lambda text: target)
    slides = zipfile.ZipFile(io.BytesIO(done))
    names = sorted(name for name in slides.namelist() if name.startswith("ppt/slides/slide"))
    return [one for name in names for one in re.findall("<a:normAutofit[^>]*>", slides.read(name).decode())]


def scale(fit: str) -> int:
    found = re.search(r'fontScale="(\d+)"', fit)
    return int(found[1]) if found else 100_000


def test_a_text_that_is_too_long_shrinks_and_a_short_one_does_not() -> None:
    (fit,) = fits(deck(framed("标题")), LONG)
    assert scale(fit) < 80_000
    assert fits(deck(framed("标题")), "Short") == ["<a:normAutofit/>"]


def test_what_the_slide_shrinks_already_is_never_made_larger() -> None:
    body = '<a:bodyPr><a:normAutofit fontScale="{}"/></a:bodyPr>'
    (large,) = fits(deck(framed("标题", body.format(92500))), LONG)
    assert scale(large) < 80_000
    (small,) = fits(deck(framed("标题", body.format(25000))), LONG)
    assert small == '<a:normAutofit fontScale="25000"/>'


@pytest.mark.parametrize(
    "body",
    [
        '<a:bodyPr wrap="none"><a:normAutofit/></a:bodyPr>',
        '<a:bodyPr vert="eaVert"><a:normAutofit/></a:bodyPr>',
    ],
)
def test_text_that_does_not_run_in_lines_across_stays_as_large(body: str) -> None:
    assert fits(deck(framed("标题", body)), LONG) == ["<a:normAutofit/>"]


def test_a_shape_of_unknown_size_stays_as_it_is() -> None:
    assert fits(deck(shape(run("标题"))), LONG) == ["<a:normAutofit/>"]


def test_a_shape_that_its_group_scales_stays_as_it_is() -> None:
    transform = '<p:grpSpPr><a:xfrm><a:ext cx="{}" cy="9"/><a:chExt cx="10" cy="9"/></a:xfrm></p:grpSpPr>'
    group = "<p:grpSp>" + transform + framed("标题") + "</p:grpSp>"
    assert fits(deck(group.replace("{}", "20")), LONG) == ["<a:normAutofit/>"]
    (same,) = fits(deck(group.replace("{}", "10")), LONG)
    assert scale(same) < 80_000


def test_placeholders_have_size_and_letters_of_their_layout_and_master(tmp_path: Path) -> None:
    pptx = pytest.importorskip("pptx")
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "标题"
    slide.placeholders[1].text_frame.text = "正文"
    for _ in range(6):
        slide.placeholders[1].text_frame.add_paragraph().text = "另一段"
    show.save(tmp_path / "a.pptx")
    content = (tmp_path / "a.pptx").read_bytes()
    title, body = fits(content, LONG[:70])
    assert scale(title) < 100_000 > scale(body)
    (tmp_path / "b.pptx").write_bytes(written("pptx", content, lambda text: LONG))
    assert len(pptx.Presentation(tmp_path / "b.pptx").slides[0].shapes) == 2
    audit = audit_package(tmp_path / "a.pptx", tmp_path / "b.pptx", FormatOptions(), PAIR)
    assert audit.sound, audit.differences


def test_more_text_never_stands_in_larger_letters() -> None:
    scales = [
        scale_for(Frame(200, 80, (("word " * number, 18.0), ("中文" * number, 18.0))))
        for number in range(1, 200)
    ]
    assert scales == sorted(scales, key=STEPS.index)
    assert scales[0] == STEPS[0]
    assert scales[-1] == STEPS[-1]
