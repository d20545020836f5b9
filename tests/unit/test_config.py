"""Settings of batchtx.toml and variables, those of sections among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.config import SETTINGS_FILE, check_environment, read_settings
from batchtx.errors import ConfigError


def settings(folder: Path, text: str, section: str = "") -> dict[str, object]:
    (folder / "batchtx.toml").write_text(text, encoding="utf-8")
    return read_settings(
        folder / SETTINGS_FILE, ["workers", "no_sheet"], section, ["port"] if section else []
    )


def test_a_section_goes_before_what_holds_for_all(tmp_path: Path) -> None:
    text = "workers = 1\nno-sheet = true\n[serve]\nport = 2\nworkers = 3\n"
    assert settings(tmp_path, text) == {"workers": 1, "no_sheet": True}
    assert settings(tmp_path, text, "serve") == {"workers": 3, "no_sheet": True, "port": 2}


@pytest.mark.parametrize(
    ("text", "section", "told"),
    [
        ("wrokers = 1", "", "workers"),
        ("wrokers = 1", "serve", "workers"),
        ("port = 1", "", "port"),
        ("port = 1", "serve", "port"),
        ("[serve]\nprot = 1", "serve", r"\[serve\].*port"),
        ("serve = 1", "", r"must be a table: \[serve\]"),
        ("[sreve]\nport = 1", "serve", "sreve"),
    ],
)
def test_a_key_that_is_wrong_is_told_with_its_place(
    tmp_path: Path, text: str, section: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        settings(tmp_path, text, section)


def test_what_is_wrong_in_a_section_does_not_stop_other_commands(tmp_path: Path) -> None:
    assert settings(tmp_path, "[serve]\nprot = 1\n") == {}


def test_variables_of_other_sections_are_passed_over() -> None:
    check_environment({"BATCHTX_SERVE_PROT": "1", "BATCHTX_WORKERS": "1", "PATH": ""}, ["workers"])
    with pytest.raises(ConfigError, match="BATCHTX_SERVE_PORT"):
        check_environment({"BATCHTX_SERVE_PROT": "1"}, ["workers", "serve_port"], "serve")
    with pytest.raises(ConfigError, match="BATCHTX_WORKERS"):
        check_environment({"BATCHTX_WROKERS": "1"}, ["workers"])
