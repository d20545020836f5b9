"""Brings odd but readable XML of runs into the usual form, so that no text in it is overlooked.

Elements inside of w:t stand beside it afterwards, bare text in runs and paragraphs stands in w:t, and
mc:AlternateContent with text inside of a run stands around runs of the same properties.
"""

from __future__ import annotations

from copy import deepcopy

from batchtx.formats.opc.names import XML_SPACE, Element, child, name, sibling_tag, tags

_BRANCHES = ("mc:Choice", "mc:Fallback")
_AROUND_RUNS = ("w:p", "w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:fldSimple")


def settle_odd_runs(root: Element) -> None:
    """Changes the tree in place; usual documents stay as they are."""
    for text in list(root.iter(*tags("w:t"))):
        if len(text) and text.getparent() is not None:
            _flatten(text)
    for element in list(root.iter(*tags("w:r", *_AROUND_RUNS))):
        _clothe(element)
    for alternate in list(root.iter(*tags("mc:AlternateContent"))):
        if _holds_text(alternate):
            _hoist(alternate)


def is_branch_of_paragraph(element: Element) -> bool:
    """Returns whether this mc:Choice or mc:Fallback holds runs, as a paragraph does."""
    if name(element) not in _BRANCHES or not any(name(part) == "w:r" for part in element.iter()):
        return False
    for above in element.iterancestors():
        short = name(above)
        if short == "w:p":
            return not any(name(part) == "w:p" for part in element)
        if short in ("w:txbxContent", "w:tc", "w:body"):
            return False
    return False


def space_branch(branch: Element) -> None:
    """Parts English text in a branch from the words before and after the alternative."""
    inner = [text for text in branch.iter(*tags("w:t")) if text.text]
    if not inner:
        return
    alternate = branch.getparent()
    before, after = _beside(alternate, -1), _beside(alternate, 1)
    if _is_word(before[-1:], closing=True) and _is_word(inner[0].text[:1]):
        inner[0].text = f" {inner[0].text}"
    if _is_word(inner[-1].text[-1:], closing=True) and _is_word(after[:1]):
        inner[-1].text += " "
    for text in inner:
        text.set(XML_SPACE, "preserve")


def _beside(alternate: Element, step: int) -> str:
    """The text of the run right before (-1) or after (1)."""
    neighbour = alternate.getprevious() if step < 0 else alternate.getnext()
    texts = [] if neighbour is None else [text.text or "" for text in neighbour.iter(*tags("w:t"))]
    return "" if not texts else texts[-1] if step < 0 else texts[0]


def _is_word(char: str, *, closing: bool = False) -> bool:
    return char.isalnum() or (closing and char != "" and char in ",.;:!?)")


def _flatten(text: Element) -> None:
    """<w:t>a<w:br/>b</w:t> as <w:t>a</w:t><w:br/><w:t>b</w:t>, however deep."""
    parent = text.getparent()
    place = parent.index(text)
    pieces: list[Element] = []
    stack = [(text, iter(list(text)))]
    pieces.append(_text_like(text, text.text))
    while stack:
        element, children = stack[-1]
        inner = next(children, None)
        if inner is None:
            stack.pop()
            if stack and element is not text:
                pieces.append(_text_like(text, element.tail))
                element.tail = None
        elif name(inner) == "w:t":
            pieces.append(_text_like(text, inner.text))
            stack.append((inner, iter(list(inner))))
        else:
            pieces.append(inner)
            pieces.append(_text_like(text, inner.tail))
            inner.tail = None
    tail = text.tail
    parent.remove(text)
    kept = [piece for piece in pieces if name(piece) != "w:t" or piece.text]
    for number, piece in enumerate(kept):
        parent.insert(place + number, piece)
    if kept and tail:
        kept[-1].tail = tail


def _clothe(element: Element) -> None:
    """Put bare text of a run into w:t, and that around runs into runs of its own."""
    places = [(0, element.text)] + [(n + 1, part.tail) for n, part in enumerate(element)]
    for place, text in reversed(places):
        if text is None or not any(map(str.isalnum, text)):
            continue
        piece = element.makeelement(sibling_tag(element, "t"))
        piece.text = text
        piece.set(XML_SPACE, "preserve")
        if name(element) != "w:r":
            around = element.makeelement(sibling_tag(element, "r"))
            around.append(piece)
            piece = around
        element.insert(place, piece)
        piece.tail = None
        if place:
            element[place - 1].tail = None
        else:
            element.text = None
    properties = child(element, f"w:{'p' if name(element) == 'w:p' else 'r'}Pr")
    if properties is not None and element.index(properties):
        element.insert(0, properties)


def _text_like(text: Element, content: str | None) -> Element:
    """A w:t with this content and the attributes of another."""
    new = text.makeelement(text.tag, dict(text.attrib))
    new.text = content
    if content and content != content.strip():
        new.set(XML_SPACE, "preserve")
    return new


def _holds_text(alternate: Element) -> bool:
    """An alternative inside a run, one of whose branches has texts of that run."""
    parent = alternate.getparent()
    return (
        parent is not None
        and name(parent) == "w:r"
        and any(name(part) == "w:t" for branch in alternate for part in branch)
    )


def _hoist(alternate: Element) -> None:
    """Cut the run at the alternative; each branch gets a run of its own."""
    run = alternate.getparent()
    parent, place = run.getparent(), run.getparent().index(run)
    properties = child(run, "w:rPr")
    children = [part for part in run if part is not properties]
    cut = children.index(alternate)
    after = _run_like(run, properties, children[cut + 1 :])
    after.tail, run.tail = run.tail, None
    for branch in alternate:
        if name(branch) in _BRANCHES and len(branch):
            branch.append(_run_like(run, properties, list(branch)))
    parent.insert(place + 1, alternate)
    if len(after) > (properties is not None):
        parent.insert(place + 2, after)
    if cut == 0:
        parent.remove(run)


def _run_like(run: Element, properties: Element | None, content: list[Element]) -> Element:
    """A run with the properties of another and this content."""
    new = run.makeelement(sibling_tag(run, "r"), dict(run.attrib))
    if properties is not None:
        new.append(deepcopy(properties))
    for part in content:
        new.append(part)
    return new
