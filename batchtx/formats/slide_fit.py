"""Makes the letters of a slide smaller where a text has become too long for its shape.

PowerPoint computes this itself only when somebody edits the text; until then it shows what the file says.
Widths are estimated, since the fonts of the reader are not known.
"""

from __future__ import annotations

import re
from itertools import pairwise

from batchtx.formats.slide_frames import Frame, SlideFrames, parsed

STEPS = (
    *((100_000, 0), (92_500, 10_000), (92_500, 20_000), (85_000, 20_000), (77_500, 20_000)),
    *((70_000, 20_000), (62_500, 20_000), (55_000, 20_000), (47_500, 20_000), (40_000, 20_000)),
    *((32_500, 20_000), (25_000, 20_000)),
)
"""The steps of PowerPoint: size of letters and what lines lose, both in thousandths of a percent."""

_SHAPE = re.compile(r"<(?P<name>(?:\w+:)?sp)(?:\s[^<>]*)?(?<!/)>.*?</(?P=name)\s*>", re.DOTALL)
_FIT = re.compile(r"<((?:\w+:)?)normAutofit\b([^<>]*?)/>")
_SAID = re.compile(r"""\bfontScale\s*=\s*["'](\d+)["']""")
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]")
_LINE = 1.2
_BETWEEN = 0.2
"""What stands between two paragraphs, in sizes of letters."""


def fitted(text: str, frames: SlideFrames) -> str:
    """Returns a slide whose texts fit their shapes where `normAutofit` can do it; a piece of one as it is."""
    if not _FIT.search(text):
        return text
    root = parsed(text)
    shapes = list(_SHAPE.finditer(text))
    found = list(frames.frames(root)) if root is not None else []
    if len(found) != len(shapes):
        return text
    parts: list[str] = []
    done = 0
    for shape, frame in zip(shapes, found, strict=True):
        fit = _FIT.search(text, *shape.span())
        if fit is None or frame is None:
            continue
        said = _SAID.search(fit[2])
        scale, less = scale_for(frame)
        if scale < (int(said[1]) if said else 100_000):
            attributes = f' fontScale="{scale}"' + (f' lnSpcReduction="{less}"' if less else "")
            parts += [text[done : fit.start()], f"<{fit[1]}normAutofit{attributes}/>"]
            done = fit.end()
    return "".join([*parts, text[done:]])


def without_fit(text: str) -> str:
    """Returns a piece of a slide without how much its letters shrink."""
    return _FIT.sub(r"<\1normAutofit/>", text)


def scale_for(frame: Frame) -> tuple[int, int]:
    """Returns the first step at which the paragraphs fit the frame, the last one where none does."""
    return next((step for step in STEPS if _fits(frame, *step)), STEPS[-1])


def _fits(frame: Frame, scale: int, less: int) -> bool:
    height = 0.0
    for text, points in frame.paragraphs:
        size = points * scale / 100_000
        words = [_width(word) * size for word in _words(text)]
        if max(words, default=0) > frame.width and scale > STEPS[-3][0]:
            return False
        height += _n_lines(words, frame.width) * size * _LINE * (1 - less / 100_000)
    between = sum(later * _BETWEEN for _, (_, later) in pairwise(frame.paragraphs))
    return height + between * scale / 100_000 * (1 - less / 100_000) <= frame.height


def _words(text: str) -> list[str]:
    """Where lines may end: behind blanks, and around each wide character."""
    return re.findall(rf"{_WIDE.pattern}|(?:(?!{_WIDE.pattern})\S)+\s*|\s+", text)


def _width(text: str) -> float:
    """The estimated width of a word in sizes of letters."""
    bare = text.rstrip() or text
    n_wide = len(_WIDE.findall(bare))
    capital = sum(map(str.isupper, bare))
    return n_wide + 0.7 * capital + 0.54 * (len(bare) - n_wide - capital) + 0.28 * (len(text) - len(bare))


def _n_lines(words: list[float], width: float) -> int:
    lines, filled = 1, 0.0
    for word in words:
        if filled and filled + word > width:
            lines, filled = lines + 1, 0.0
        filled += word
    return lines
