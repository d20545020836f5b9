"""Documents of all formats with random changes: read, or refused with one line; given back as they were."""

from __future__ import annotations

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from batchtx.errors import DocumentError
from batchtx.formats import open_document
from batchtx.formats.options import FormatChoices
from batchtx.formats.source import Source
from batchtx.language.zh_en import PAIR
from batchtx.protocols import Document
from batchtx.records import Unit, UnitTarget
from tests.contract.test_formats import PACKAGES, SAMPLES

_HAN = re.compile("[\u3400-\u9fff]+")
_NAMES = sorted(set(SAMPLES) - {"docx"})  # which has a fuzzer of its own
_PIECES = (
    b"<", b">", b"&", b'"', b"'", b"\n", b"\r", b"\0", b"\xff", "中".encode(), b"</a:t>", b"<a:t>", b"{",
    b"}", b"-->", b"<!--", b"]]>", b"msgid", b"00:00:01,000 --> 00:00:02,000\n", b"```\n", b"|", b"*", b"[",
    b"](", b"<b>", b"</b>", b"<target>", b"</source>", b"<si>", b"</si>", b"<c>", b"%s", b"\xef\xbb\xbf",
    b"   ", b"\t", b": ", b"~~~", b"<mrk>", b"$$", b"\\", b"\\N", b"{\\p1}", b"<svg>", b"<textarea>",
)  # fmt: skip


def check(seed: int) -> Iterator[str]:
    """What is wrong with the file of this seed."""
    chance = random.Random(seed)
    name = chance.choice(_NAMES)
    content = _changed(chance, name)
    try:
        echoed, units = _written(name, content, str)
        done, _ = _written(name, content, lambda text: _HAN.sub("words", text))
    except DocumentError as error:
        if "\n" in str(error):
            yield f"{name}: an error of several lines: {error}"
        return
    if name not in PACKAGES and _is_utf8(content) and echoed != content:
        yield f"{name}: not given back as it was"
    if not any(_HAN.search(unit.text) for unit in units):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        path.write_bytes(done)
        try:
            document = _opened(name, content)
            list(document.units())
            document.verify(path)
            again = _written(name, done, str)[1]
        except DocumentError:
            return  # nothing is lost: what cannot be verified takes no place
    left = [unit.text for unit in again if _HAN.search(unit.text)]
    if left:
        yield f"{name}: left: {left[:3]}"


def _opened(name: str, content: bytes) -> Document:
    return open_document(name, Source("f", stream=io.BytesIO(content)), FormatChoices(), PAIR)


def _written(name: str, content: bytes, translate: Callable[[str], str]) -> tuple[bytes, list[Unit]]:
    document = _opened(name, content)
    units = [unit for unit in document.units() if isinstance(unit, Unit)]
    output = io.BytesIO()
    document.write([UnitTarget(unit.address, translate(unit.text)) for unit in units], output)
    return output.getvalue(), units


def _changed(chance: random.Random, name: str) -> bytes:
    """A sample with a few random changes; those of packages are in a part, or in the archive itself."""
    content = SAMPLES[name]
    if name not in PACKAGES or chance.random() < 0.1:
        return _mutated(chance, content)
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        names = old.namelist()
        picked = chance.choice(names)
        for part in names:
            body = old.read(part)
            new.writestr(part, _mutated(chance, body) if part == picked else body)
    return output.getvalue()


def _mutated(chance: random.Random, content: bytes) -> bytes:
    body = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at, kind = chance.randrange(len(body) + 1), chance.random()
        if kind < 0.4 or not body:
            body[at:at] = chance.choice(_PIECES)
        elif kind < 0.6:
            del body[at : at + chance.randrange(1, 12)]
        elif kind < 0.8:
            other = chance.randrange(len(body))
            body[at:at] = body[other : other + chance.randrange(1, 60)]
        else:
            body[at % len(body)] = chance.randrange(256)
    return bytes(body)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in content
