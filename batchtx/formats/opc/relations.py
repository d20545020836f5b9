"""Relationships and content types of a package's parts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from batchtx.errors import DocumentError
from batchtx.formats.opc.names import name
from batchtx.formats.opc.package import Package


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: its type's last word, the part it leads to (None when there is none), its id."""

    kind: str
    part: str | None
    id: str


def relations(package: Package, part: str, *, needed: bool = False) -> list[Relation]:
    """Returns the internal relationships of a part ("" for the package itself); none when they are damaged.

    Raises:
        DocumentError: they are damaged, and `needed` or those of the package itself.
    """
    folder, file = posixpath.split(part)
    rels = package.find(posixpath.join(folder, "_rels", file + ".rels"))
    if rels is None:
        return []
    try:
        root = package.parse(rels)
    except DocumentError:
        if needed or not part:
            raise
        return []
    found: list[Relation] = []
    for element in root:
        if name(element) != "rel:Relationship" or element.get("TargetMode") == "External":
            continue
        kind = (element.get("Type") or "").rpartition("/")[2]
        target = unquote((element.get("Target") or "").partition("#")[0])
        path = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found.append(Relation(kind, package.find(path), element.get("Id") or ""))
    return found


def content_types(package: Package) -> dict[str, str]:
    """Returns the content type by lower-case part name."""
    file = package.find("[Content_Types].xml")
    if file is None:
        raise DocumentError(package.document, "not a DOCX: the package has no [Content_Types].xml")
    defaults: dict[str, str] = {}
    types: dict[str, str] = {}
    for element in package.parse(file):
        kind = element.get("ContentType") or ""
        if name(element) == "ct:Default":
            defaults[(element.get("Extension") or "").lower()] = kind
        elif name(element) == "ct:Override":
            types[(element.get("PartName") or "").lstrip("/").lower()] = kind
    for info in package.entries:
        lower = info.filename.lower()
        types.setdefault(lower, defaults.get(lower.rpartition(".")[2], ""))
    return types
