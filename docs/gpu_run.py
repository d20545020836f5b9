"""A piece of training on a lent machine, in one command: unpack the run, train some minutes, pack it again.

python3 docs/gpu_run.py SLICE RUN --out "$OUT" --max-s 420 -- --recipe gpu --device cuda --max-epochs 1

Needs what a machine with PyTorch and transformers has, and installs nothing. What comes back are parts of one
tar file, few and small enough for such a machine; `--first 4 --max-s 0` gives the next ones of a run that is
still there. `--keep last` and `--keep best` pack one set of averaged weights in float16, enough to export and
to start from; `--keep everything` can go on exactly. Parts of an earlier call in `--parts` are put together
first. While it trains, every checkpoint from `--first-after` seconds on is packed too, so that a call that is
cut off leaves the weights of a minute before.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PART_BYTES = 15 * 2**20
PARTS = 4
POLL_S = 2.0
_KEPT = ("metrics.jsonl", "last", "best")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="a slice (batchtx distill slice)")
    parser.add_argument("run", type=Path, help="the run folder")
    parser.add_argument("--out", type=Path, required=True, help="where the parts are written")
    parser.add_argument("--max-s", type=float, default=420.0, help="seconds of training; 0: pack alone")
    parser.add_argument("--parts", type=Path, help="parts of this run from an earlier call")
    parser.add_argument("--keep", choices=["last", "best", "everything"], default="last")
    parser.add_argument("--first", type=int, default=0, help="number of the first part to give")
    parser.add_argument("--first-after", type=float, default=120.0, help="seconds before the first parts")
    parser.add_argument("--part-bytes", type=int, default=PART_BYTES)
    given, train_options = _split(sys.argv[1:])
    options = parser.parse_args(given)
    if options.parts and not (options.run / "last").exists():
        unpack(options.parts, options.run)
    status = _train(options, train_options) if options.max_s else 0
    if (options.run / "last").exists():
        pack(options)
    return status


def unpack(parts: Path, run: Path) -> None:
    """Put the parts of a run together."""
    files = sorted(parts.glob("run.tar.*"))
    n_parts = int(files[0].name.rpartition("-")[2]) if files else 0
    if not files or len(files) != n_parts:
        raise SystemExit(f"{parts}: {len(files)} of {n_parts or 'no'} parts; fetch the others with --first")
    run.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile() as whole:
        for part in files:
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)
        whole.seek(0)
        with tarfile.open(fileobj=whole) as tar:
            tar.extractall(run, filter="data")


def pack(options: argparse.Namespace) -> None:
    """Write some parts of the run, and say how many there are."""
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        kept = options.run
        if options.keep != "everything":
            kept = _light(options.run, options.keep, Path(folder))
        whole = Path(folder) / "run.tar"
        with tarfile.open(whole, "w") as tar:
            for name in _KEPT:
                if (kept / name).exists():
                    tar.add(kept / name, name, filter=_without_time)
        n_parts = -(-whole.stat().st_size // options.part_bytes)
        last = min(n_parts, options.first + PARTS)
        with whole.open("rb") as file:
            file.seek(options.first * options.part_bytes)
            for number in range(options.first, last):
                part = options.out / f"run.tar.{number:03}-of-{n_parts:03}"
                beside = part.with_name("part.new")
                beside.write_bytes(file.read(options.part_bytes))
                beside.replace(part)
    print(f"{n_parts} parts; {options.out} has {options.first} to {last - 1}")
    if last < n_parts:
        print(f"the next ones: the same command with --first {last} --max-s 0")


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What is for this script, and what is for `batchtx distill train`."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _train(options: argparse.Namespace, train_options: list[str]) -> int:
    """Train to the end of this call, and pack what is saved meanwhile."""
    command = [sys.executable, "-m", "batchtx.cli.distill", "train", str(options.data), str(options.run)]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    position, seen = options.run / "last" / "position.json", 0.0
    began = time.monotonic()
    words = [*command, *train_options, "--max-s", str(options.max_s)]
    with subprocess.Popen(words, env=environment) as process:
        while process.poll() is None:
            time.sleep(POLL_S)
            saved = _saved_at(position)
            if time.monotonic() - began >= options.first_after and saved > seen:
                seen = saved
                with contextlib.suppress(OSError):  # the next checkpoint took its place meanwhile
                    pack(options)
    return process.returncode


def _saved_at(position: Path) -> float:
    """When the last checkpoint was written; 0 while there is none."""
    try:
        return position.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _light(run: Path, name: str, folder: Path) -> Path:
    """A copy of the run with the averaged weights of one checkpoint alone, in float16."""
    from safetensors.torch import load_file, save_file

    (folder / name).mkdir()
    shutil.copyfile(run / name / "position.json", folder / name / "position.json")
    weights = load_file(run / name / "average.safetensors")
    half = {key: tensor.half() for key, tensor in weights.items()}
    save_file(half, folder / name / "average.safetensors")
    shutil.copyfile(run / "metrics.jsonl", folder / "metrics.jsonl")
    return folder


def _without_time(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same bytes at every call."""
    member.mtime = 0
    return member


if __name__ == "__main__":
    sys.exit(main())
