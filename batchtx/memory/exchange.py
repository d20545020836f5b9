"""The memory's human entries as files, and back: TMX for CAT tools, CSV for people, JSONL for programs."""

from __future__ import annotations

import csv
import io
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from batchtx.cells import escape, guard, unescape, unguard
from batchtx.errors import ConfigError, StoreError
from batchtx.files import atomic_output
from batchtx.memory.keys import source_key
from batchtx.memory.store import IMPORTED, Correction, Store
from batchtx.memory.tmx import Languages, read_tmx, write_tmx
from batchtx.text.control import cleaned

SUFFIXES = (".tmx", ".csv", ".jsonl")
_COLUMNS = ("source", "target", "machine", "reviewer", "document", "made_at")
_BATCH = 1000


@dataclass(slots=True)
class Imported:
    """What became of the entries of a file."""

    n_new: int = 0
    n_replaced: int = 0
    n_kept: int = 0
    n_unusable: int = 0
    n_lacking: Counter[str] = field(default_factory=Counter)
    """Units of a TMX without the source or the target language, by what they have instead."""


def export_memory(store: Store, path: Path, languages: Languages) -> int:
    """Writes every human entry, oldest first; returns how many these were.

    The same pair kept for several places is written once. Machine translations stay: the memory
    knows their sources only as hashes.
    """
    writer = {".tmx": write_tmx, ".csv": _write_csv, ".jsonl": _write_jsonl}[_suffix(path)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_output(path) as file:
            return writer(store.corrections(), file, languages)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from None


def import_memory(store: Store, path: Path, languages: Languages, *, replace_known: bool = False) -> Imported:
    """Takes the entries of a file into the memory as a person's translations.

    An entry whose source a person has translated already is kept as it is, or replaced when
    `replace_known`; within a file the last one counts.

    Raises:
        ConfigError: the file is of no known kind.
        StoreError: it cannot be read; says where. What stood before that place is in the memory.
    """
    _suffix(path)
    done = Imported()
    batch: dict[bytes, Correction] = {}
    added: set[bytes] = set()
    try:
        for entry in _entries(path, languages, done):
            if not entry.source.strip() or not cleaned(entry.target).strip():
                done.n_unusable += 1
                continue
            batch[source_key(entry.source)] = replace(
                entry, document=IMPORTED + path.name, made_at=entry.made_at or time.time()
            )
            if len(batch) >= _BATCH:
                _keep(store, batch, added, done, replace_known)
        _keep(store, batch, added, done, replace_known)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: cannot be read ({error})") from None
    return done


def _entries(path: Path, languages: Languages, done: Imported) -> Iterator[Correction]:
    suffix = _suffix(path)
    if suffix == ".tmx":
        return read_tmx(path, languages, done.n_lacking)
    return (_read_csv if suffix == ".csv" else _read_jsonl)(path, languages)


def _keep(
    store: Store, batch: dict[bytes, Correction], added: set[bytes], done: Imported, replace_known: bool
) -> None:
    known = store.find_corrections(batch).keys() - added
    wanted = {key: entry for key, entry in batch.items() if replace_known or key not in known}
    store.correct(wanted.items())
    done.n_kept += len(batch) - len(wanted)
    done.n_replaced += len(known & wanted.keys())
    done.n_new += len(wanted.keys() - known - added)
    added.update(wanted)
    batch.clear()


def _suffix(path: Path) -> str:
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{path}: a memory is exchanged as {', '.join(SUFFIXES)}; name the file so")
    return path.suffix.lower()


def _write_csv(entries: Iterable[Correction], output: BinaryIO, languages: Languages) -> int:
    text = io.TextIOWrapper(output, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    count = 0
    for entry in entries:
        facts = _facts(entry)
        writer.writerow([guard(escape(facts[name])) for name in _COLUMNS])
        count += 1
    text.detach()
    return count


def _read_csv(path: Path, languages: Languages) -> Iterator[Correction]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = [name.strip().lower() for name in next(reader, [])]
        if not {"source", "target"} <= set(header):
            raise StoreError(f"{path}, row 1: no columns source and target")
        for cells in reader:
            row = dict(zip(header, (unescape(unguard(cell)) for cell in cells), strict=False))
            yield _from_facts(row)


def _write_jsonl(entries: Iterable[Correction], output: BinaryIO, languages: Languages) -> int:
    count = 0
    for entry in entries:
        line = json.dumps(_facts(entry), ensure_ascii=False)
        output.write(line.encode("utf-8", "surrogatepass") + b"\n")
        count += 1
    return count


def _read_jsonl(path: Path, languages: Languages) -> Iterator[Correction]:
    with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                facts = json.loads(line)
                yield _from_facts({name: str(value) for name, value in facts.items() if value is not None})
            except (ValueError, AttributeError) as error:
                raise StoreError(f"{path}, line {number}: not an entry ({error})") from None


def _facts(entry: Correction) -> dict[str, str]:
    made_at = datetime.fromtimestamp(entry.made_at, UTC).isoformat()
    return {**asdict(entry), "made_at": made_at}


def _from_facts(facts: dict[str, str]) -> Correction:
    return Correction(
        source=facts.get("source", ""),
        target=facts.get("target", ""),
        machine=facts.get("machine", ""),
        reviewer=facts.get("reviewer", ""),
        document=facts.get("document", ""),
        made_at=_seconds(facts.get("made_at", "")),
    )


def _seconds(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0
