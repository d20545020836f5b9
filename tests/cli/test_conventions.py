"""What users of other command lines expect: -h, hints, examples, completion, settings of their own, JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from batchtx.cli import cli
from batchtx.cli.examples import EXAMPLES
from batchtx.cli.reference import man_pages
from batchtx.cli.translate import translate
from tests.cli.test_help import commands
from tests.helpers.command import COMMAND, environment, run

MADE_FOR_DEVELOPERS = {"bench", "distill", "makefile", "glossary", "memory", "models"}


def parsed(line: str) -> click.Context:
    """The context that an example line makes, without running it."""
    words = line.split(" < ")[0].split(" > ")[0].split("| ")[-1].strip(' "').split()
    context = click.Context(cli, info_name="batchtx")
    command: click.Command = cli
    arguments = words[1:]
    while isinstance(command, click.Group):
        _, found, arguments = command.resolve_command(context, arguments)
        assert found is not None, line
        command = found
        context = click.Context(command, context, command.name)
    return click.Command.make_context(command, command.name, arguments, context.parent)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path or "batchtx")
def test_every_example_is_a_line_that_the_command_takes(path: str) -> None:
    for line, _ in EXAMPLES[path]:
        line = line.replace('eval "$(', "").replace(')"', "").replace("review-*", "review-1")
        context = parsed(line)
        assert not path or context.command_path.endswith(path)


@pytest.mark.parametrize("path", list(commands(cli)), ids=" ".join)
def test_every_command_for_users_begins_its_help_with_examples(path: tuple[str, ...]) -> None:
    said = CliRunner().invoke(cli, [*path, "-h"], prog_name="batchtx")
    assert said.exit_code == 0
    if path and (path[0] in {"bench", "distill"} or path[-1] in MADE_FOR_DEVELOPERS):
        return
    assert said.output.index("Examples:") < said.output.index("Show this message")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["translat"], '"translate"'),
        (["aply"], '"apply"'),
        (["glossary", "lnit"], '"lint"'),
        (["models", "gte"], '"get"'),
        (["memory", "stat"], '"stats"'),
        (["zzz"], "There are: translate, apply"),
    ],
)
def test_a_misspelt_command_is_answered_with_the_nearest(words: list[str], hint: str) -> None:
    said = CliRunner().invoke(cli, words)
    assert said.exit_code == 2
    assert hint in said.output


def test_every_option_of_translate_stands_in_one_group() -> None:
    said = CliRunner().invoke(cli, ["translate", "-h"], prog_name="batchtx", terminal_width=100).output
    for option in translate.params:
        if isinstance(option, click.Option):
            lines = [
                line for line in said.splitlines() if line.startswith("  ") and option.opts[-1] + " " in line
            ]
            assert any(line.strip().startswith(option.opts[0]) for line in lines), option.name
    heads = [line for line in said.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert heads == [
        "Examples:",
        "Output:",
        "Glossary and rules:",
        "Engine:",
        "Review sheet and report:",
        "Memory:",
        "Formats:",
        "Options:",
    ]


# -- completion


def completed(words: str, folder: Path, shell: str = "bash") -> str:
    """What the shell is told for the last of the words."""
    count = str(len(words.split(" ")) - 1)
    wanted = {"_BATCHTX_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    if shell == "fish":
        wanted["COMP_CWORD"] = words.split(" ")[-1]
    return run(cwd=folder, code=None, **wanted).stdout.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "batchtx.toml").write_text("nonsense = 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_models_and_files_whatever_the_settings_say(
    folder: Path, shell: str
) -> None:
    models = folder / "data" / "batchtx" / "models" / "mine"
    models.mkdir(parents=True)
    (models / "bundle.json").write_text("{}", encoding="utf-8")
    assert "translate" in completed("batchtx tr", folder, shell)
    assert "--glossary" in completed("batchtx translate --glo", folder, shell)
    assert "zh-en" in completed("batchtx translate --model z", folder, shell)
    assert "file" in completed("batchtx translate contr", folder, shell)
    assert "file" in completed("batchtx translate -g te", folder, shell)
    assert "file" in completed("batchtx apply rev", folder, shell)
    assert "pseudo" in completed("batchtx translate --engine p", folder, shell)
    assert "docx" in completed("batchtx translate --format d", folder, shell)


def test_downloaded_models_are_completed_too(folder: Path) -> None:
    from batchtx.student.bundle import MANIFEST

    bundle = folder / "data" / "batchtx" / "models" / "mine"
    bundle.mkdir(parents=True)
    (bundle / MANIFEST).write_text("{}", encoding="utf-8")
    words = "batchtx models remove m"
    wanted = {"_BATCHTX_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3"}
    said = run(cwd=folder, code=None, XDG_DATA_HOME=str(folder / "data"), **wanted)
    assert said.stdout.decode() == "plain,mine\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed_and_is_sound(folder: Path, shell: str) -> None:
    script = run("completion", shell, cwd=folder).stdout.decode()
    assert "_BATCHTX_COMPLETE" in script
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=script.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_through_the_script(folder: Path) -> None:
    (folder / "batchtx").write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n', encoding="utf-8")
    (folder / "batchtx").chmod(0o755)
    text = (
        'eval "$(batchtx completion bash)"; COMP_WORDS=(batchtx translate --model z); COMP_CWORD=3; '
        'compopt() { :; }; _batchtx_completion batchtx; echo "${COMPREPLY[@]}"'
    )
    variables = {**environment(), "PATH": f"{folder}:{environment()['PATH']}"}
    done = subprocess.run(["bash", "-c", text], cwd=folder, env=variables, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "zh-en"


# -- settings


def test_a_wrong_key_breaks_a_run_but_not_its_help(folder: Path) -> None:
    (folder / "a.txt").write_text("你好\n", encoding="utf-8")
    for words in (["translate", "--help"], ["translate", "a.txt", "-h"]):
        assert b"Usage: batchtx translate" in run(*words, cwd=folder).stdout
    assert b'unknown key "nonsense"' in run("translate", "a.txt", cwd=folder, code=2).stderr


def test_the_settings_of_the_user_hold_below_those_of_the_project(tmp_path: Path) -> None:
    own, project = tmp_path / "config" / "batchtx", tmp_path / "project"
    own.mkdir(parents=True)
    project.mkdir()
    (own / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    (own / "batchtx.toml").write_text(
        'engine = "echo"\nno_sheet = true\nglossary = ["terms.csv"]\n', encoding="utf-8"
    )
    (project / "a.txt").write_text("甲方。\n", encoding="utf-8")
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    run("translate", "a.txt", cwd=project, **home)
    assert (project / "a.en.txt").read_text(encoding="utf-8") == "Party A。\n"
    assert not list(project.glob("*review*"))
    (project / "batchtx.toml").write_text('engine = "pseudo"\n', encoding="utf-8")
    run("translate", "a.txt", cwd=project, **home)
    assert "甲方" not in (project / "a.en.txt").read_text(encoding="utf-8")
    assert not list(project.glob("*review*"))


def test_a_fault_in_the_settings_of_the_user_names_their_file(tmp_path: Path) -> None:
    own = tmp_path / "config" / "batchtx"
    own.mkdir(parents=True)
    (own / "batchtx.toml").write_text("worker = 2\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("甲方。\n", encoding="utf-8")
    done = run("translate", "a.txt", cwd=tmp_path, code=2, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert "config/batchtx/batchtx.toml" in done.stderr.decode()
    assert 'did you mean "workers"' in done.stderr.decode()


def test_apply_finds_the_memory_that_the_settings_of_the_user_name(tmp_path: Path) -> None:
    own, project = tmp_path / "config" / "batchtx", tmp_path / "project"
    own.mkdir(parents=True)
    project.mkdir()
    (own / "batchtx.toml").write_text('memory = "all.sqlite"\n', encoding="utf-8")
    (project / "a.txt").write_text("甲方。\n", encoding="utf-8")
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    run("translate", "a.txt", "--engine", "pseudo", cwd=project, **home)
    assert (own / "all.sqlite").is_file()
    run("apply", "a.en.txt.review.csv", cwd=project, **home)
    facts = json.loads(run("info", "--json", cwd=project, **home).stdout)
    assert facts["memory"] == str(own / "all.sqlite")
    assert facts["settings"] == [str(own / "batchtx.toml")]


# -- for programs


def test_what_is_there_can_be_asked_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("系统保存文件。\n", encoding="utf-8")
    run("translate", "a.txt", "--engine", "pseudo", cwd=tmp_path)
    facts = json.loads(run("info", "--json", cwd=tmp_path).stdout)
    assert facts["memory_bytes"] > 0
    assert facts["libraries"]["ctranslate2"]
    stats = json.loads(run("memory", "stats", "--json", cwd=tmp_path).stdout)
    assert (stats["machine"], stats["human"], stats["runs"]) == (1, 0, 1)
    models = json.loads(run("models", "list", "--json", cwd=tmp_path).stdout)
    assert "zh-en" in [one["name"] for one in models]


# -- manual pages


def pages() -> Iterator[tuple[str, str]]:
    return man_pages()


def test_there_is_a_manual_page_for_every_command_and_groff_reads_it() -> None:
    found = dict(pages())
    assert {"-".join(("batchtx", *path)) + ".1" for path in commands(cli)} == set(found)
    for name, text in found.items():
        assert text.startswith(f'.TH "{name[:-2].upper()}" 1 ')
        assert text.isascii()
        if shutil.which("groff"):
            done = subprocess.run(
                ["groff", "-man", "-ww", "-Tutf8"], input=text.encode(), capture_output=True, check=True
            )
            assert not done.stderr, (name, done.stderr)
