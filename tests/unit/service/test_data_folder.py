"""The folder of a service is one service's, and its user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from batchtx.errors import ConfigError
from batchtx.service.data_folder import DataFolder


def test_one_service_at_a_time_has_a_folder(tmp_path: Path) -> None:
    first = DataFolder(tmp_path / "data")
    with pytest.raises(ConfigError, match="another service"):
        DataFolder(tmp_path / "data")
    first.close()
    DataFolder(tmp_path / "data").close()


def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    DataFolder(tmp_path / "a" / "data").close()
    assert (tmp_path / "a" / "data").stat().st_mode & 0o777 == 0o700


def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="--data"):
        DataFolder(tmp_path / "file")
