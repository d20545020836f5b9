"""Drop caps: the large first letter of a paragraph is a framed paragraph of its own before it."""

from __future__ import annotations

from batchtx.formats.opc.names import Element, attribute, child
from batchtx.text.inline_codes import CODE


def is_drop_cap(paragraph: Element) -> bool:
    """Returns whether the paragraph is the dropped letter of the next one."""
    properties = child(paragraph, "w:pPr")
    frame = None if properties is None else child(properties, "w:framePr")
    return frame is not None and attribute(frame, "dropCap") in ("drop", "margin")


def first_letter(text: str) -> tuple[str, str]:
    """Returns the first letter of a text, with an opening quotation mark before it, and the rest with all
    codes.
    """
    for index, char in enumerate(text):
        if char.isalnum():
            before, rest = text[:index], text[index + 1 :]
            codes = "".join(CODE.findall(before))
            return CODE.sub("", before).strip() + char, codes + rest
    return "", text
