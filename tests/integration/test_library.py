"""The programs of docs/library.md run, and the functions for programs do what the command line does."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import batchtx
from batchtx.errors import ConfigError, GlossaryError
from tests.helpers.command import ROOT, environment, run

PROGRAMS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text("utf-8"), re.DOTALL)
SAYS = (
    r"Please pay .*\n\['.*Party A .*', '.*\\n.*'\]\n",
    r".*Party A .* mt 0\.\d+ \[.*\]\n.*3.* mt 0\.\d+ \[.*\]\n",
    r"300 .*\n",
    r"True 2\n",
    r"0 \['out/a\.txt'\] \['out/review\.csv'\]\n",
    r"1 0 (.*\n)?The system keeps files\.\n(.*\n)+",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    for path in (tmp_path / "docs" / "a.txt", tmp_path / "a.txt"):
        path.write_text("系统保存文件。\n甲方应付款。\n", encoding="utf-8")
    return tmp_path


def program(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "program.py"]
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=120
    )


def test_each_program_of_the_page_is_told_what_it_says() -> None:
    assert len(PROGRAMS) == len(SAYS)


@pytest.mark.parametrize("number", range(len(SAYS)))
def test_a_program_of_the_page_runs(project: Path, number: int) -> None:
    done = program(PROGRAMS[number], project)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(SAYS[number], done.stdout), done.stdout


def test_sheets_go_back_to_a_memory_that_knows_texts_too(project: Path) -> None:
    memory = project / "memory.sqlite"
    with batchtx.Translator(engine="echo", model="", workers=0, memory=memory) as translator:
        translator.translate("你好")
    run("translate", "a.txt", "--engine", "echo", "--memory", "memory.sqlite", cwd=project)
    run("apply", "a.en.txt.review.csv", "--memory", "memory.sqlite", cwd=project)


def test_importing_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "{'ctranslate2', 'torch', 'numpy', 'lxml', 'sentencepiece', 'click', 'multiprocess'}"
    done = program(f"import sys, batchtx\nprint(dir(batchtx), {heavy} & set(sys.modules))", tmp_path)
    assert done.stdout.endswith("] set()\n")
    assert all(name in done.stdout for name in batchtx.__all__)


def test_a_script_without_a_guard_is_told_to_have_one(tmp_path: Path) -> None:
    text = "import batchtx\nt = batchtx.Translator(engine='pseudo', workers=1)\n"
    done = program(text + "t.translate([f'第{n}个系统。' for n in range(300)])\n", tmp_path)
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr.strip().splitlines()[-1]


def test_many_texts_are_the_same_in_workers_and_here() -> None:
    texts = [f"第 {number} 号文件。\n\n请 付款。" for number in range(150)]
    with batchtx.Translator(engine="pseudo", workers=0) as here:
        ours = here.translate(texts)
    with batchtx.Translator(engine="pseudo", workers=1) as apart:
        assert apart.translate(texts) == ours
    assert [one.source for one in ours] == texts
    assert ours[0].target.count("\n\n") == 1


def test_a_text_and_texts_of_no_words_come_back_in_their_kind() -> None:
    with batchtx.Translator(engine="pseudo", workers=0) as translator:
        assert translator.translate([]) == []
        assert [one.target for one in translator.translate(["", " \n", "42"])] == ["", " \n", "42"]
        assert translator.translate("系统。").origin == "mt"
        assert translator.translate("系统。").origin == "repeat"


def test_threads_share_a_translator() -> None:
    found: dict[int, str] = {}
    with batchtx.Translator(engine="pseudo", workers=0) as translator:

        def work(number: int) -> None:
            found[number] = translator.translate(f"第 {number} 个。").target

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {number: translator.translate(f"第 {number} 个。").target for number in range(8)}


def test_a_memory_gives_what_a_person_wrote(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    report = batchtx.translate_files("a.txt", "a.en.txt", engine="pseudo", sheet="review.csv", workers=1)
    assert report.exit_code == 0
    sheet = project / "review.csv"
    first = sheet.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    at = first.index("correction")
    row = lines[1].split(",")
    row[at] = "By hand."
    sheet.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]) + "\n", encoding="utf-8-sig")
    assert len(batchtx.apply(sheet).changed) == 1
    with batchtx.Translator(engine="pseudo", workers=0, memory=".batchtx/memory.sqlite") as translator:
        (one,) = [t for t in translator.translate(["系统保存文件。", "甲方应付款。"]) if t.origin == "human"]
    assert one.target == "By hand."


def test_files_come_out_as_from_the_command_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    batchtx.translate_files(["docs"], "out", engine="pseudo", workers=1, encoding="utf-8")
    run("translate", "docs", "-o", "out2", "--engine", "pseudo", "-q", cwd=project)
    assert (project / "out" / "a.txt").read_bytes() == (project / "out2" / "a.txt").read_bytes()


def test_a_translator_does_files_with_its_own_glossary_and_memory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    glossary, memory = project / "terms.csv", project / "own.sqlite"
    with batchtx.Translator(glossary=[glossary], workers=0, memory=memory) as translator:
        assert "Party A" in translator.translate("甲方应付款。").target
        report = translator.translate_files(["docs"], "out")
        assert report.exit_code == 0
        assert report.origins["memory"] == 1
        assert "Party A" in (project / "out" / "a.txt").read_text(encoding="utf-8")
        with pytest.raises(ConfigError, match='did you mean "force"'):
            translator.translate_files(["docs"], "out", forc=True)
    assert not (project / ".batchtx").exists()
    with pytest.raises(ValueError, match="is closed"):
        translator.translate_files(["docs"])


def test_what_is_not_there_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    with pytest.raises(ConfigError, match='did you mean "workers"'):
        batchtx.translate_files("a.txt", wrokers=1)
    with pytest.raises(ConfigError, match="no such memory"):
        batchtx.apply("review.csv", memory="nowhere.sqlite")
    with pytest.raises(GlossaryError, match="nowhere"):
        batchtx.translate("甲方", glossary=["nowhere.csv"])
    with pytest.raises(AttributeError, match="translat"):
        batchtx.translat  # noqa: B018


@pytest.mark.parametrize("texts", [["甲", None], "甲".encode(), [b"x"], {"a": "甲"}.items()])
def test_what_is_no_text_is_a_type_error_that_says_so(texts: object) -> None:
    with pytest.raises(TypeError, match="is no str"):
        batchtx.translate(texts)  # type: ignore[call-overload]


def test_a_closed_translator_says_that_it_is_closed() -> None:
    translator = batchtx.Translator(workers=0)
    translator.close()
    with pytest.raises(ValueError, match="is closed"):
        translator.translate("甲方应付款。")
