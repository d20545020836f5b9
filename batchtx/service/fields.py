"""The fields of a request, wherever a client put them: query, form, multipart or JSON, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from batchtx.service.limits import ServiceLimits
from batchtx.service.refusal import Refusal

_UNFIT = re.compile("[\ud800-\udfff\U000f0000-\U000ffffd]")
_FORM = "application/x-www-form-urlencoded"
_MARK = b"\xef\xbb\xbf"
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Fields:
    """Named values in the order in which they came; those of the body before those of the query.

    `listed` names the fields that are lists whatever their length.
    """

    values: Mapping[str, tuple[Any, ...]]
    listed: frozenset[str] = frozenset()
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    is_list: bool = False
    """The body was no object but a list, as Azure's clients send."""

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Returns the first value of a field.

        Raises:
            Refusal: it is no text.
        """
        values = self.values.get(name, ())
        return _as_text(name, values[0]) if values else default

    def texts(self, name: str) -> list[str]:
        """Returns all values of a field.

        Raises:
            Refusal: one is no text.
        """
        return [_as_text(name, value) for value in self.values.get(name, ())]

    def number(self, name: str, default: int = 0) -> int:
        """Returns a field that is a whole number, not negative.

        Raises:
            Refusal: it is none.
        """
        value = self.values.get(name, (default,))[0]
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
            return value
        raise Refusal(400, f"Invalid request: {name} must be a whole number")

    def flag(self, name: str) -> bool:
        """Returns whether a field says yes; one that is not there says no.

        Raises:
            Refusal: it says neither.
        """
        value = self.values.get(name, ("",))[0]
        text = str(value).strip().lower() if isinstance(value, str | bool | int) else "?"
        if text in _YES or text in _NO:
            return text in _YES
        raise Refusal(400, f"Invalid request: {name} must be true or false")

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """Returns a field that is a list of objects, from JSON.

        Raises:
            Refusal: it is something else.
        """
        values = self.values.get(name, ())
        if not all(isinstance(value, Mapping) for value in values):
            raise Refusal(400, f"Invalid request: {name} must be a list of objects")
        return list(values)

    async def close(self) -> None:
        """Lets the uploaded files go."""
        for file in self.files.values():
            await file.close()


async def read_fields(request: Request, limits: ServiceLimits) -> Fields:
    """Reads the fields of a request.

    Raises:
        Refusal: the body is not what it says to be, too large or too slow, or has too many parts.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal(400, "Invalid request: send the body as it is, not packed")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    query = _pairs(request.scope.get("query_string", b""), limits)
    if kind == "multipart/form-data":
        return await _multipart(request, limits, query)
    body = (await request.body()).removeprefix(_MARK)
    if body.lstrip()[:1] in (b"{", b"["):  # whatever its kind: curl -d calls it a form
        return _json(body, query)
    if kind == "application/json" and body.strip():
        raise Refusal(400, "Invalid JSON format")
    pairs = _pairs(body, limits) if kind in (_FORM, "") or b"=" in body else []
    return Fields(_collected([*pairs, *query]))


async def _multipart(request: Request, limits: ServiceLimits, query: list[tuple[str, str]]) -> Fields:
    """Files go to disk while they arrive; no more than a part of them is in memory."""
    form = await request.form(
        max_files=min(limits.parts, 20), max_fields=limits.parts, max_part_size=limits.body_bytes
    )
    files: dict[str, UploadFile] = {}
    pairs: list[tuple[str, str]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if files.setdefault(name, value) is not value:
                await value.close()
        else:
            pairs.append((name, _whole(value)))
    return Fields(_collected([*pairs, *query]), files=files)


def _json(body: bytes, query: list[tuple[str, str]]) -> Fields:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "Invalid JSON format") from None
    if isinstance(found, list):
        return Fields(_collected(query), is_list=True)
    values: dict[str, tuple[Any, ...]] = {}
    listed = set()
    for name, value in found.items():
        if value is None:
            continue
        if isinstance(value, list):
            listed.add(name)
        values[_whole(name)] = tuple(value) if isinstance(value, list) else (value,)
    for name, value in query:
        values.setdefault(name, (value,))
    return Fields(values, frozenset(listed))


def _pairs(raw: bytes, limits: ServiceLimits) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw.decode("utf-8", "replace"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="replace",
            max_num_fields=limits.parts,
        )
    except ValueError:
        raise Refusal(400, f"Invalid request: more than {limits.parts} fields") from None


def _collected(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.removesuffix("[]"), []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _as_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refusal(400, f"Invalid request: {name} must be a text")
    return _whole(value)


def _whole(text: str) -> str:
    """A text without halves of surrogate pairs, which no answer could hold, and without inline codes."""
    return _UNFIT.sub("\ufffd", text)
