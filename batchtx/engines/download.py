"""Files from the network: resumed where they stopped, checked, with a bar."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from batchtx.errors import ModelError
from batchtx.files import file_hash

_CHUNK = 1 << 16
_TIMEOUT_S = 30.0
_RANGE_IS_PAST_THE_END = 416


def download_url(url: str, path: Path, sha256: str = "", *, show: bool = False) -> Path:
    """Downloads a file; what an earlier call left in `path`.part is gone on with.

    Args:
        url: http, https or file.
        sha256: what the file must be, in hexadecimal; "": not checked.
        show: with a progress bar on stderr.

    Raises:
        ModelError: it cannot be read, or it is another file than sha256 says.
    """
    part = path.with_name(path.name + ".part")
    try:
        _fetch(url, part, show=show)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(
            f"{url}: cannot be downloaded ({reason}); the same command goes on with it"
        ) from error
    if sha256 and file_hash(part) != sha256.lower():
        part.unlink()
        raise ModelError(
            f"{url}: its SHA-256 is not {sha256}: another file, or damaged on the way; nothing was kept"
        )
    part.replace(path)
    return path


def _fetch(url: str, part: Path, *, show: bool) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == _RANGE_IS_PAST_THE_END and have:  # the part is the whole
            return
        raise
    with response:
        resumed = response.status == 206 if response.status else False
        length = response.headers.get("Content-Length")
        wanted = None if length is None else int(length) + (have if resumed else 0)
        with part.open("ab" if resumed else "wb") as file, _bar(url, wanted, show=show) as bar:
            bar.update(file.tell())
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
            if wanted is not None and file.tell() < wanted:
                raise OSError(f"the connection ended after {file.tell():,} of {wanted:,} bytes")


def _bar(url: str, total: int | None, *, show: bool) -> Any:
    from tqdm import tqdm

    name = url.rpartition("/")[2][:30]
    return tqdm(total=total, unit="B", unit_scale=True, desc=name, disable=not show, leave=False)
