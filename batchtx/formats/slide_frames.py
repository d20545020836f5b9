"""How large the shapes of a slide and their letters are: from the slide, its layout and its master."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from batchtx.errors import DocumentError
from batchtx.formats.opc.names import Element
from batchtx.formats.opc.package import Package, parse_xml
from batchtx.formats.opc.relations import relations

POINT_EMU = 12_700
"""English metric units of a point."""

_OTHER_POINTS = 18.0
_TITLES = ("title", "ctrTitle")
_ROTATED = ("vert", "vert270", "eaVert", "wordArtVert", "mongolianVert", "wordArtVertRtl")
_INSETS = {"lIns": 91_440, "rIns": 91_440, "tIns": 45_720, "bIns": 45_720}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a text stands: width and height in points without the insets, paragraphs as (text, points)."""

    width: float
    height: float
    paragraphs: tuple[tuple[str, float], ...]


class SlideFrames:
    """The frames of one slide's shapes; layout and master are read when the first one is asked for."""

    def __init__(self, package: Package, slide: str) -> None:
        self._package, self._slide = package, slide
        self._above: list[Element] | None = None

    def frames(self, slide: Element) -> Iterator[Frame | None]:
        """Yields the frame of each shape in order; None where its text needs none, or nothing tells."""
        if self._above is None:
            self._above = self._read_above()
        for shape in _every(slide, "sp"):
            yield self._frame(shape)

    def _read_above(self) -> list[Element]:
        """The layout of the slide and its master, where they can be read."""
        found: list[Element] = []
        part = self._slide
        for kind in ("slideLayout", "slideMaster"):
            below = next((one.part for one in relations(self._package, part) if one.kind == kind), None)
            if below is None:
                break
            try:
                found.append(self._package.parse(below))
            except DocumentError:
                break
            part = below
        return found

    def _frame(self, shape: Element) -> Frame | None:
        body = _first(shape, "bodyPr")
        holder = _first(shape, "ph")
        chain = [shape, *self._models(holder)]
        size = next((found for one in chain if (found := _size(one)) is not None), None)
        if body is None or size is None or _scaled(shape):
            return None
        said = {key: value for one in reversed(chain) for key, value in _attributes(one).items()}
        if said.get("wrap") == "none" or said.get("vert") in _ROTATED:
            return None
        inset = {key: _number(said.get(key), default) for key, default in _INSETS.items()}
        paragraphs = tuple(self._paragraphs(shape, chain, holder))
        width = (size[0] - inset["lIns"] - inset["rIns"]) / POINT_EMU
        height = (size[1] - inset["tIns"] - inset["bIns"]) / POINT_EMU
        return Frame(width, height, paragraphs) if width > 0 and height > 0 else None

    def _models(self, holder: Element | None) -> Iterator[Element]:
        """The placeholders of layout and master that a placeholder takes after."""
        if holder is None:
            return
        kind, index = holder.get("type", "obj"), holder.get("idx", "0")
        general = "title" if kind in _TITLES else "body" if kind in ("obj", "subTitle") else kind
        for number, root in enumerate(self._above or ()):
            for shape in _every(root, "sp"):
                model = _first(shape, "ph")
                if model is None:
                    continue
                same = model.get("type", "obj") in (kind, general)
                if same and (number or kind in _TITLES or model.get("idx", "0") == index):
                    yield shape
                    break

    def _paragraphs(
        self, shape: Element, chain: list[Element], holder: Element | None
    ) -> Iterator[tuple[str, float]]:
        for paragraph in _every(shape, "p"):
            properties = _first(paragraph, "pPr")
            level = int(_number(properties.get("lvl") if properties is not None else None, 0)) + 1
            sizes = [
                _number(one.get("sz"), 0) for run in _every(paragraph, "r") for one in _every(run, "rPr")
            ]
            points = max(sizes, default=0) / 100 or self._points(level, chain, holder)
            yield "".join(one.text or "" for one in _every(paragraph, "t")), points

    def _points(self, level: int, chain: list[Element], holder: Element | None) -> float:
        """The size of a paragraph's letters where its runs do not say one."""
        styles = [one for shape in chain for one in _every(shape, "lstStyle")]
        if holder is not None and self._above:
            name = "titleStyle" if holder.get("type") in _TITLES else "bodyStyle"
            styles += _every(self._above[-1], name)
        for style in styles:
            for properties in _every(style, f"lvl{level}pPr"):
                default = _first(properties, "defRPr")
                if default is not None and default.get("sz"):
                    return _number(default.get("sz"), 0) / 100
        return _OTHER_POINTS


def _every(root: Element, local: str) -> Iterator[Element]:
    """The elements of a name below one, in whatever namespace (there are two sets of them)."""
    yield from root.iter(f"{{*}}{local}")


def _first(root: Element, local: str) -> Element | None:
    return next(_every(root, local), None)


def _number(value: str | None, default: float) -> float:
    try:
        return float(value) if value else default
    except ValueError:
        return default


def _size(shape: Element) -> tuple[float, float] | None:
    transform = _first(shape, "xfrm")
    extent = _first(transform, "ext") if transform is not None else None
    if extent is None:
        return None
    return _number(extent.get("cx"), 0), _number(extent.get("cy"), 0)


def _attributes(shape: Element) -> dict[str, str]:
    body = _first(shape, "bodyPr")
    return {} if body is None else {str(key): str(value) for key, value in body.attrib.items()}


def _scaled(shape: Element) -> bool:
    """Whether a group shows a shape in another size than it says."""
    for group in shape.iterancestors("{*}grpSp"):
        transform = next(iter(group.findall("{*}grpSpPr/{*}xfrm")), None)
        if transform is not None:
            sizes = [
                (one.get("cx"), one.get("cy")) for tag in ("ext", "chExt") for one in _every(transform, tag)
            ]
            if len(set(sizes)) > 1:
                return True
    return False


def parsed(text: str) -> Element | None:
    """Returns a slide as a tree; None for a piece of one."""
    try:
        return parse_xml("", "", text.encode("utf-8", "surrogatepass"), "PowerPoint")
    except DocumentError:
        return None
