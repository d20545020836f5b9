"""Documents of older and other kinds as ones that are read, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from batchtx.errors import ConfigError, DocumentError

TIMEOUT_S = 180.0
"""How long one document may take; LibreOffice hangs on some for ever."""

_PROGRAMS = ("soffice", "libreoffice")
_KINDS = {
    ".docx": (".doc", ".dot", ".wps", ".rtf", ".odt", ".ott", ".fodt", ".sxw"),
    ".xlsx": (".xls", ".xlt", ".et", ".ods", ".ots", ".fods", ".sxc"),
    ".pptx": (".ppt", ".pps", ".dps", ".odp", ".otp", ".fodp", ".sxi"),
}
_TARGETS = {suffix: target for target, suffixes in _KINDS.items() for suffix in suffixes}


def converted_suffix(name: str) -> str:
    """Returns the extension that a document gets when it is converted; "" for what is not converted."""
    return _TARGETS.get(PurePath(name).suffix.lower(), "")


@dataclass(frozen=True, slots=True)
class Converter:
    """Converts documents with one program."""

    program: str
    timeout_s: float = TIMEOUT_S

    def convert(self, source: Path, output: Path) -> None:
        """Writes a document in the kind that the output's extension says.

        Raises:
            DocumentError: the program gave none, or took too long.
        """
        with tempfile.TemporaryDirectory(prefix="batchtx-convert-") as folder:
            here = Path(folder)
            copy = here / f"in{source.suffix.lower()}"  # names that begin with a dash are options to it
            made = here / "out" / f"in{output.suffix}"
            try:
                shutil.copyfile(source, copy)
            except OSError as error:
                raise DocumentError(str(source), f"cannot be read: {error.strerror or error}") from error
            message = self._run(here / "profile", copy, made)
            if not made.is_file() or not made.stat().st_size:
                reason = f": {message}" if message else ""
                raise DocumentError(str(source), f"{self.program} could not convert it{reason}")
            output.parent.mkdir(parents=True, exist_ok=True)
            partial = output.with_name(f".{output.name}.part")
            shutil.copyfile(made, partial)
            partial.replace(output)

    def _run(self, profile: Path, source: Path, made: Path) -> str:
        """Runs the program with a profile of its own; returns the last line that it said."""
        command = [
            self.program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nofirststartwizard",
            "--convert-to",
            made.suffix[1:],
            "--outdir",
            str(made.parent),
            str(source),
        ]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return str(error.strerror or error)
        try:
            said, _ = process.communicate(timeout=self.timeout_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return f"no answer within {self.timeout_s:g} s"
        except BaseException:
            _end(process)
            raise
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


def find_converter(source: str) -> Converter:
    """Returns the converter of this machine.

    Raises:
        ConfigError: there is none; `source` is the document that needs it.
    """
    for name in _PROGRAMS:
        program = shutil.which(name)
        if program:
            return Converter(program)
    suffix = converted_suffix(source)
    raise ConfigError(
        f"{source}: --convert needs LibreOffice, and there is no soffice on PATH; install it (apt install "
        f"libreoffice), or save the document as {suffix} and translate that"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and what it started: its own process is only a launcher."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.communicate()
