"""Layout made for Han characters that English does not fit: heights, columns, boxes, grids, direction."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from batchtx.formats.docx.options import DocxOptions
from batchtx.formats.opc.names import Element, attribute, name, set_attribute, sibling_tag, tags

_UPWARDS = {"tbRl": "btLr", "tbRlV": "btLr", "tbLrV": "btLr", "rl": "lr", "rlV": "lr", "lrV": "lr"}
_ACROSS = {"btLr": "lrTb", "lr": "tb"}
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FIT_SHAPE = "mso-fit-shape-to-text:t"
_FLOW_DOWN = "layout-flow:vertical-ideographic"
_FLOW_UP = "layout-flow:vertical;mso-layout-flow-alt:bottom-to-top"


def adjust_layout(root: Element, options: DocxOptions) -> None:
    """Makes the adjustments that the options ask for."""
    adjusters: dict[str, list[Callable[[Element], None]]] = {}
    for short, adjust in _adjusters(options):
        adjusters.setdefault(short, []).append(adjust)
    if adjusters:
        for element in root.iter(*tags(*adjusters)):
            for adjust in adjusters[name(element)]:
                adjust(element)


def is_vertical(element: Element) -> bool:
    """Returns whether a direction mark of a cell, page or text box lets its text run downwards."""
    if name(element) == "v:textbox":
        return _FLOW_DOWN in (element.get("style") or "")
    return element.get("vert") == "eaVert" or attribute(element, "val") in _UPWARDS


def _adjusters(options: DocxOptions) -> Iterator[tuple[str, Callable[[Element], None]]]:
    if options.row_heights:
        yield "w:trHeight", _grow
    if options.text_boxes:
        yield "wps:bodyPr", _grow_drawing
        yield "v:textbox", _grow_shape
    if options.autofit:
        yield "w:tblLayout", _fit
    if options.distribute:
        yield "w:jc", _centre
    if options.first_line_indent:
        yield "w:ind", _drop_indent
    if options.line_grid:
        yield "w:docGrid", _drop_grid
    if options.direction:
        yield "w:textDirection", _turn
        yield "wps:bodyPr", _turn_drawing
        yield "a:bodyPr", _turn_drawing
        yield "v:textbox", _turn_shape


def _grow(height: Element) -> None:
    if attribute(height, "hRule") == "exact":
        set_attribute(height, "hRule", "atLeast")


def may_clip(body: Element) -> bool:
    """Returns whether a text box with these properties keeps its size whatever stands in it."""
    holds_text = any(name(sibling) == "wps:txbx" for sibling in body.itersiblings(preceding=True))
    return holds_text and all(name(part) != "a:spAutoFit" for part in body)


def _grow_drawing(body: Element) -> None:
    if not may_clip(body):
        return
    for part in list(body):
        if name(part) in ("a:noAutofit", "a:normAutofit"):
            body.remove(part)
    place = 1 if len(body) and name(body[0]) == "a:prstTxWarp" else 0
    body.insert(place, body.makeelement(f"{{{_DRAWING}}}spAutoFit"))


def _grow_shape(box: Element) -> None:
    style = box.get("style") or ""
    if "mso-fit-shape-to-text" not in style:
        box.set("style", f"{style.rstrip(';')};{_FIT_SHAPE}".lstrip(";"))


def _fit(table: Element) -> None:
    """Columns as wide as their words need, within the table's width."""
    set_attribute(table, "type", "autofit")


def _centre(alignment: Element) -> None:
    if attribute(alignment, "val") == "distribute":
        set_attribute(alignment, "val", "center")


def _drop_indent(indent: Element) -> None:
    for local in ("firstLineChars", "firstLine"):
        indent.attrib.pop(sibling_tag(indent, local), None)


def _drop_grid(grid: Element) -> None:
    grid.attrib.pop(sibling_tag(grid, "type"), None)


def _turn(direction: Element) -> None:
    """Cells read upwards, as English table heads do; whole pages and paragraphs across."""
    upwards = _UPWARDS.get(attribute(direction, "val") or "")
    if upwards is not None:
        in_cell = name(direction.getparent()) == "w:tcPr"
        set_attribute(direction, "val", upwards if in_cell else _ACROSS[upwards])


def _turn_drawing(body: Element) -> None:
    if is_vertical(body):
        body.set("vert", "vert270")


def _turn_shape(box: Element) -> None:
    if is_vertical(box):
        box.set("style", (box.get("style") or "").replace(_FLOW_DOWN, _FLOW_UP))
