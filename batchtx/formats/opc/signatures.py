"""Digital signatures: any change makes them invalid, so they are taken out, and the user is told."""

from __future__ import annotations

import posixpath

from batchtx.formats.opc.names import name
from batchtx.formats.opc.package import Package, serialized
from batchtx.formats.opc.relations import relations

_TYPE = "digital-signature"
NOTE = "the digital signature was removed: it does not cover the translation"


def signature_parts(package: Package) -> frozenset[str]:
    """Returns the parts that sign the package, with their relationships; empty when it is not signed."""
    origins = [
        relation.part for relation in relations(package, "") if relation.kind == "origin" and relation.part
    ]
    found = set(origins)
    for origin in origins:
        found |= {relation.part for relation in relations(package, origin) if relation.part is not None}
    for part in tuple(found):
        folder, file = posixpath.split(part)
        rels = package.find(posixpath.join(folder, "_rels", file + ".rels"))
        if rels is not None:
            found.add(rels)
    return frozenset(found)


def without_signatures(package: Package, parts: frozenset[str]) -> dict[str, bytes]:
    """Returns new content of the parts that mention the signature: package relationships and content
    types.
    """
    changed: dict[str, bytes] = {}
    rels = package.find("_rels/.rels")
    if rels is not None:
        root = package.parse(rels)
        for element in list(root):
            if _TYPE in (element.get("Type") or ""):
                root.remove(element)
        changed[rels] = serialized(root)
    types = package.find("[Content_Types].xml")
    if types is not None:
        root = package.parse(types)
        gone = {"/" + part.lower() for part in parts}
        for element in list(root):
            if name(element) == "ct:Override" and (element.get("PartName") or "").lower() in gone:
                root.remove(element)
        changed[types] = serialized(root)
    return changed
