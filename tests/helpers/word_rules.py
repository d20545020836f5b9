"""What Word asks of a package beyond well-formed XML, as far as it can be asked without Word.

Order of properties and children (ECMA-376 part 1), where text and paragraphs must stand, ids, references,
relationships, content types. Not covered: values of attributes, DrawingML, VML, math, what Word only finds
when it lays out pages.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": _W,
    "http://purl.oclc.org/ooxml/officeDocument/relationships": _R,
}
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow "
    "emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
    "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
    "hideMark headers cellIns cellDel cellMerge tcPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
    "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid "
    "printerSettings sectPrChange",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed "
    "qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "sdt": "sdtPr sdtEndPr sdtContent",
}
_RANKS = {name: {child: rank for rank, child in enumerate(text.split())} for name, text in _ORDERS.items()}
_ANY_ORDER = frozenset({"headerReference", "footerReference"})
_FIRST = {"p": "pPr", "r": "rPr", "tc": "tcPr", "tr": "trPr", "tbl": "tblPr", "hyperlink": ""}
_IN_RUN = frozenset({"t", "tab", "br", "cr", "fldChar", "instrText", "delText", "footnoteReference"})
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}


def faults(content: bytes) -> list[str]:
    """What Word would stumble over, each as part and sentence; the same fault as often as it occurs."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    found = [
        f"{name}: stands twice in the archive" for name, n in Counter(archive.namelist()).items() if n > 1
    ]
    found += _untyped(parts)
    roots: dict[str, etree._Element] = {}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                roots[name] = etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                found.append(f"{name}: not well-formed ({error.msg})")
    for name, root in roots.items():
        found += [f"{name}: {fault}" for fault in _part_faults(root)]
        found += [f"{name}: {fault}" for fault in _relation_faults(name, root, roots, parts)]
    return found + _note_faults(roots)


def _untyped(parts: dict[str, bytes]) -> Iterator[str]:
    types = etree.fromstring(parts["[Content_Types].xml"])
    endings = {element.get("Extension", "").lower() for element in types if element.get("Extension")}
    names = {element.get("PartName") for element in types if element.get("PartName")}
    for name in parts:
        ending = name.rpartition(".")[2].lower()
        if name != "[Content_Types].xml" and ending not in endings and f"/{name}" not in names:
            yield f"{name}: has no content type"
    yield from (f"{name}: has a content type but is missing" for name in names if str(name)[1:] not in parts)


def _part_faults(root: etree._Element) -> Iterator[str]:
    declared = set(root.nsmap)
    for element in root.iter(tag=etree.Element):
        for prefix in element.get(f"{_MC}Ignorable", "").split():
            if prefix not in element.nsmap:
                yield f"mc:Ignorable names {prefix}, which is not declared"
        if element.tag == f"{_MC}Choice":
            for prefix in element.get("Requires", "").split():
                if prefix not in declared | set(element.nsmap):
                    yield f"mc:Choice requires {prefix}, which is not declared"
        local = _local(element)
        if local is not None:
            yield from _order_faults(element, local)
            yield from _place_faults(element, local)
    yield from _field_faults(root)
    yield from _bookmark_faults(root)


def _order_faults(element: etree._Element, local: str) -> Iterator[str]:
    children = [name for child in element if (name := _local(child)) is not None]
    ranks = _RANKS.get(local)
    if ranks is None:
        return
    known = [name for name in children if name in ranks and name not in _ANY_ORDER]
    if known != sorted(known, key=ranks.__getitem__):
        yield f"w:{local} has its children out of order: {' '.join(known)}"
    if local in ("pPr", "rPr", "tcPr", "tblPr"):
        yield from (f"w:{local} has w:{name} {n} times" for name, n in Counter(children).items() if n > 1)


def _place_faults(element: etree._Element, local: str) -> Iterator[str]:
    children = [_local(child) for child in element if isinstance(child.tag, str)]
    first = _FIRST.get(local)
    if first and first in children[1:]:
        yield f"w:{first} is not the first child of w:{local}"
    if local == "tc" and (not children or children[-1] not in ("p", "sdt", "customXml")):
        yield "a w:tc does not end with a paragraph"
    if local in _IN_RUN and _local(element.getparent()) != "r" and local not in ("tab",):
        yield f"w:{local} stands outside of a run"
    if local == "p" and any(_local(above) in ("p", "r") for above in _until_box(element)):
        yield "a paragraph stands inside a paragraph"
    if local == "hyperlink" and any(_local(above) == "hyperlink" for above in _until_box(element)):
        yield "a link stands inside a link"


def _until_box(element: etree._Element) -> Iterator[etree._Element]:
    for above in element.iterancestors():
        if _local(above) == "txbxContent":
            return
        yield above


def _field_faults(root: etree._Element) -> Iterator[str]:
    depth = 0
    for mark in root.iter("{*}fldChar"):
        kind = next((value for key, value in mark.attrib.items() if key.endswith("}fldCharType")), "")
        depth += {"begin": 1, "end": -1}.get(str(kind), 0)
        if depth < 0 or (kind == "separate" and depth == 0):
            yield f"a field mark ({kind}) without its beginning"
            depth = max(depth, 0)
    if depth:
        yield f"{depth} fields do not end"


def _bookmark_faults(root: etree._Element) -> Iterator[str]:
    for kind in ("bookmark", "commentRange", "perm"):
        starts, ends = (
            Counter(_attribute(mark, "id") for mark in root.iter(f"{{*}}{kind}{side}") if not _copied(mark))
            for side in ("Start", "End")
        )
        yield from (f"{kind} {number} starts {n} times" for number, n in starts.items() if n > 1)
        yield from (f"{kind} {number} starts and does not end" for number in starts if not ends[number])
        yield from (f"{kind} {number} ends and does not start" for number in ends if not starts[number])


def _copied(element: etree._Element) -> bool:
    return any(above.tag == f"{_MC}Fallback" for above in element.iterancestors())


def _relation_faults(
    name: str, root: etree._Element, roots: dict[str, etree._Element], parts: dict[str, bytes]
) -> Iterator[str]:
    if name.endswith(".rels"):
        base = posixpath.dirname(posixpath.dirname(name))
        for relation in root:
            target = relation.get("Target", "")
            path = target[1:] if target[:1] == "/" else posixpath.normpath(posixpath.join(base, target))
            if relation.get("TargetMode") != "External" and path.partition("#")[0] not in parts:
                yield f"{relation.get('Id')} leads to {target}, which is missing"
        yield from (
            f"{n} relationships are {i}" for i, n in Counter(r.get("Id") for r in root).items() if n > 1
        )
        return
    folder, _, file = name.rpartition("/")
    relations = roots.get(f"{folder}/_rels/{file}.rels")
    known = set() if relations is None else {relation.get("Id") for relation in relations}
    for element in root.iter(tag=etree.Element):
        for key, value in element.attrib.items():
            namespace = str(key)[1:].partition("}")[0]
            if _STRICT.get(namespace, namespace) == _R and value and value not in known:
                yield f"{value} has no relationship"


def _note_faults(roots: dict[str, etree._Element]) -> Iterator[str] | list[str]:
    found: list[str] = []
    for reference, kind in _NOTES.items():
        ids = {
            _attribute(note, "id")
            for name, root in roots.items()
            if re.search(rf"{kind}s\d*\.xml$", name)
            for note in root.iter(f"{{*}}{kind}")
        }
        for name, root in roots.items():
            for mark in root.iter(f"{{*}}{reference}"):
                if _attribute(mark, "id") not in ids:
                    found.append(f"{name}: there is no {kind} {_attribute(mark, 'id')}")
    return found


def _local(element: etree._Element | None) -> str | None:
    """The name of a WordprocessingML element without its namespace, None for others."""
    if element is None or not isinstance(element.tag, str):
        return None
    name = etree.QName(element)
    return name.localname if _STRICT.get(name.namespace or "", name.namespace) == _W else None


def _attribute(element: etree._Element, local: str) -> str:
    return str(next((value for key, value in element.attrib.items() if str(key).endswith(f"}}{local}")), ""))
