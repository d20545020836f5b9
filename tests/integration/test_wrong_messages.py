"""What goes wrong is told in one sentence that names the thing and the way out."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures_docx import package
from tests.helpers.command import COMMAND, environment, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("数据目录已满。\n", encoding="utf-8")
    return tmp_path


def shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    line = command.replace("batchtx ", f"{shlex.join(COMMAND)} ")
    return subprocess.run(
        ["bash", "-c", line],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("length", [78, 80, 82])
def test_a_long_file_name_gives_a_shorter_sheet(tmp_path: Path, length: int) -> None:
    name = "通" * length
    (tmp_path / f"{name}.txt").write_text("你好。\n", encoding="utf-8")
    run("translate", f"{name}.txt", "--engine", "pseudo", "-j", "1", cwd=tmp_path)
    (sheet,) = tmp_path.glob("*.review.csv")
    assert len(list(tmp_path.glob("*.en.txt"))) == 1
    run("apply", sheet.name, cwd=tmp_path)


def test_a_path_that_is_too_long_is_told(folder: Path) -> None:
    done = run("translate", "a.txt", "-o", "/".join(["d" * 200] * 25) + "/x.txt", cwd=folder, code=3)
    assert done.stderr.decode().endswith("File name too long\n")
    assert len(done.stderr) < 400


@pytest.mark.parametrize("redirection", ["2>&-", ">&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_do_no_harm(folder: Path, redirection: str) -> None:
    done = shell(f"batchtx translate a.txt --engine pseudo -j1 {redirection}", folder)
    assert done.returncode == 0
    assert (folder / "a.en.txt").read_text(encoding="utf-8").endswith(".\n")
    assert (folder / ".batchtx" / "memory.sqlite").read_bytes().startswith(b"SQLite format 3")


def test_a_closed_standard_output_is_told_when_it_is_the_output(folder: Path) -> None:
    done = shell("batchtx translate a.txt -o - --engine pseudo >&-", folder)
    assert (done.returncode, done.stderr) == (2, "batchtx: standard output (-o -) is closed\n")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (r"C:\Users\data", r"a backslash is written \\"),
        (r"C:\new", r"a backslash is written \\"),
        (r"\g<no>", "cannot be filled in"),
        (r"\g<1", "cannot be filled in"),
        (r"\2 data", "names a group that the regex has not"),
    ],
)
def test_a_target_of_a_regex_row_is_checked_when_it_is_read(folder: Path, target: str, message: str) -> None:
    (folder / "g.csv").write_text(f"source,target,regex\n数据(目录|夹),{target},yes\n", encoding="utf-8")
    done = run("glossary", "lint", "g.csv", cwd=folder, code=1)
    assert message in (done.stdout + done.stderr).decode()
    done = run("translate", "a.txt", "-g", "g.csv", "--engine", "pseudo", cwd=folder, code=2)
    assert "g.csv, row 2: " in done.stderr.decode()
    assert message in done.stderr.decode()


@pytest.mark.parametrize("target", [r"data \1", r"C:\\data", r"\g<1> of data"])
def test_what_a_regex_row_may_say_is_filled_in(folder: Path, target: str) -> None:
    (folder / "g.csv").write_text(f"source,target,regex\n数据(目录|夹),{target},yes\n", encoding="utf-8")
    run("translate", "a.txt", "-g", "g.csv", "--engine", "pseudo", cwd=folder)


@pytest.mark.parametrize("cause", ["ulimit -n 12;", "mkdir -p .batchtx/memory.sqlite;"])
def test_a_run_that_breaks_off_leaves_its_report(folder: Path, cause: str) -> None:
    done = shell(f"{cause} batchtx translate a.txt -j2 -q --report r.json --report r.html", folder)
    assert done.returncode == 3
    report = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    assert report["exit_code"] == 3
    assert done.stderr == f"batchtx: {report['failure']}\n"
    assert [document["state"] for document in report["documents"]] == ["not_reached"]
    assert (folder / "r.html").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.doc", "--convert"),
        ("a.xls", "save it as .xlsx"),
        ("a.pdf", "docs/formats.md"),
        ("a.rst", "txt reads it as plain text"),
        ("a.xyz", "docx"),
    ],
)
def test_another_kind_of_file_is_told_with_its_way_out(folder: Path, name: str, words: str) -> None:
    (folder / name).write_bytes(b"x")
    assert words in run("translate", name, cwd=folder, code=2).stderr.decode()


def test_tables_nested_too_deep_are_told(folder: Path) -> None:
    body = "<w:p/>"
    for _ in range(900):
        body = f"<w:tbl><w:tr><w:tc>{body}<w:p/></w:tc></w:tr></w:tbl>"
    (folder / "deep.docx").write_bytes(package(body))
    done = run("translate", "deep.docx", "--engine", "pseudo", cwd=folder, code=3)
    assert "tables inside of tables" in done.stderr.decode()


def test_a_script_without_a_guard_is_told(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(
        "from batchtx.executors.local import LocalExecutor\n"
        "from tests.helpers.workers import build_upper, give_up\n"
        "print(list(LocalExecutor(1).map(build_upper, [['a']], give_up)))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment(), check=False, timeout=120
    )
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]
    guarded = script.read_text(encoding="utf-8").replace("print(", 'if __name__ == "__main__":\n    print(')
    script.write_text(guarded, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env=environment(), check=False, timeout=120
    )
    assert done.stdout == "[['A']]\n"


def test_a_plugin_that_cannot_be_loaded_is_told(folder: Path) -> None:
    package_folder = folder / "site" / "odd-1.0.dist-info"
    package_folder.mkdir(parents=True)
    (package_folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", encoding="utf-8"
    )
    (package_folder / "entry_points.txt").write_text(
        "[batchtx.engines]\nodd = oddd.engine:build\n", encoding="utf-8"
    )
    path = f"{environment()['PYTHONPATH']}:{folder / 'site'}"
    done = run("translate", "a.txt", "--engine", "odd", cwd=folder, code=None, PYTHONPATH=path)
    said = done.stderr.decode()
    assert done.returncode in (2, 3)
    assert "Traceback" not in said
    assert 'engine "odd" is provided by odd as oddd.engine:build, which cannot be loaded' in said
