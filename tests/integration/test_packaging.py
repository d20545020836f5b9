"""What is built for other people: the source archive and the wheel, looked into and tried."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.helpers.command import ROOT, environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("build") is None, reason="needs the package build"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if tracked.returncode:
        pytest.skip("no git repository")
    tree = folder / "tree"
    for name in tracked.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            os.link(ROOT / name, tree / name) if _same_disk(tree) else (tree / name).write_bytes(
                (ROOT / name).read_bytes()
            )
    done = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(folder), str(tree)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def _same_disk(folder: Path) -> bool:
    return folder.stat().st_dev == ROOT.stat().st_dev


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    return Parser().parsestr(wheel.read(name).decode("utf-8"))


def test_the_source_archive_can_be_tested_and_read(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE",
        "Makefile",
        "SECURITY.md",
        "constraints.txt",
        "docs/architecture.md",
        "docs/adr/0001-supervised-workers.md",
        "docs/sheet.png",
        "glossaries/legal.csv",
        "glossaries/README.md",
        "samples/make_samples.py",
        "tests/integration/test_packaging.py",
        "tests/data/placement.tsv",
        "batchtx/models/zh-en/ctranslate2/model.bin",
    }
    assert wanted - names == set()
    assert [name for name in names if name.endswith((".pyc", ".sqlite")) or "checkpoints/" in name] == []


def test_the_wheel_has_what_the_code_reads(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "batchtx").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and "__pycache__" not in path.parts
    }
    assert data - names == set()
    assert {f"batchtx/glossaries/{name}.csv" for name in ("general", "legal", "finance", "software")} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "samples/"))]


def test_the_metadata_say_who_what_and_where(metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    assert "glossary" in metadata["Keywords"]
    links = dict(line.split(", ", 1) for line in metadata.get_all("Project-URL", []))
    assert {"Documentation", "Source", "Issues", "Changelog"} <= set(links)
    classifiers = metadata.get_all("Classifier", [])
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= set(classifiers)
    assert not [one for one in classifiers if one.startswith("License ::")]  # said by the expression
    needed = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    names = {re.split(r"[^\w-]", line)[0] for line in needed}
    assert names == {
        "click",
        "ctranslate2",
        "sentencepiece",
        "lxml",
        "tqdm",
        "multiprocess",
        "markdown-it-py",
    }


def test_every_link_of_the_page_for_the_index_is_absolute(metadata: Message) -> None:
    text = metadata.get_payload()
    assert isinstance(text, str)
    assert metadata["Description-Content-Type"] == "text/markdown"
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert len(links) > 10
    assert [link for link in links if not urlsplit(link).scheme and not link.startswith("#")] == []
    for link in links:  # they lead to files that there are
        path = re.search(r"/(?:blob|raw)/main/([^#]+)", link)
        assert path is None or (ROOT / path[1]).exists()


def test_an_installed_wheel_translates_with_a_glossary_by_name(built: Path, tmp_path: Path) -> None:
    (path,) = built.glob("*.whl")
    target = tmp_path / "installed"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)
    (tmp_path / "a.txt").write_text("不可抗力\n", encoding="utf-8")
    command = [sys.executable, "-m", "batchtx", "translate", "a.txt", "-g", "legal", "--no-sheet"]
    variables = {**environment(), "PYTHONPATH": str(target)}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "force majeure" in (tmp_path / "a.en.txt").read_text(encoding="utf-8").lower()
    assert "glossary:" in done.stderr


def test_the_hooks_for_other_projects_name_commands_that_there_are() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: (.+)", text)
    assert entries
    for entry in entries:
        done = subprocess.run(
            [sys.executable, "-m", *entry.split(), "--help"],
            env=environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0


def test_the_citation_names_this_version() -> None:
    from batchtx import __version__

    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
