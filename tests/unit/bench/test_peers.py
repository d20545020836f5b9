"""The race: our student as a package that others read, rows for those who cannot run, a table with ratios."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from batchtx.bench import environments, peers
from batchtx.bench.environments import Environments, Missing
from batchtx.bench.peers import Race, Raced, race, table
from batchtx.bench.student_package import argos_package
from batchtx.engines import build_engine
from batchtx.engines.get import get_model
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ModelError


def test_our_student_as_an_argos_package_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    package = argos_package("zh-en", tmp_path)
    with zipfile.ZipFile(package) as archive:
        assert "zh_en/metadata.json" in archive.namelist()
    stored = get_model(str(package), name="again", tell=lambda line: None, show=False)
    texts = ["甲方应在三十日内付款。", "系统保存文件。"]
    ours = build_engine(EngineSpec()).translate(texts, beam_size=4)
    theirs = build_engine(EngineSpec(model=stored.name)).translate(texts, beam_size=4)
    assert [one.text for one in theirs] == [one.text for one in ours]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        argos_package("nowhere", tmp_path)


def test_a_peer_that_cannot_be_installed_is_a_row_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Environments, name: str) -> Path:
        raise Missing(f"{name} cannot be installed: no registry")

    monkeypatch.setattr(Environments, "python", refuse)
    monkeypatch.setattr(peers, "_bare", lambda what, lines, beam: Raced("", 1000.0 * beam, same=True))
    monkeypatch.setattr(peers, "_batchtx", lambda *given: Raced("", 900.0, resumes=True, same=True))
    what = Race("zh-en", tmp_path, 20, (), Environments(tmp_path))
    told: list[str] = []
    rows = race(what, told.append)
    assert [row.name for row in rows] == told
    notes = {row.name: row.note for row in rows if row.note}
    assert len(notes) == 4
    assert set(notes) > {"argostranslate, TXT", "transformers, TXT"}
    assert notes["transformers, TXT"] == "skipped: transformers cannot be installed: no registry"
    shown = table(rows, 0)
    assert "whole run / bare engine, beam 1, per core: 0.90" in shown
    assert "| batchtx, 2 workers, beam 4, TXT | 900 |" in shown


@pytest.mark.slow
def test_an_environment_that_pip_refuses_names_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(environments._NEEDS, "docutranslate", ("/nowhere/at/all.whl",))
    with pytest.raises(Missing, match="docutranslate cannot be installed: ERROR"):
        Environments(tmp_path).python("docutranslate")
    assert not (tmp_path / "docutranslate" / ".complete").exists()


def test_an_environment_that_is_there_is_used_again(tmp_path: Path) -> None:
    (tmp_path / "argos").mkdir()
    (tmp_path / "argos" / ".complete").touch()
    assert Environments(tmp_path).python("argos").parent.parent == tmp_path / "argos"
