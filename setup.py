"""What setup.cfg cannot say: the page for the package index, and the glossaries in the wheel."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#|mailto:)([^)\s]+)\)")


def page() -> str:
    """README.md with absolute links, for a page that has no repository around it."""
    config = ConfigParser()
    config.read(HERE / "setup.cfg", encoding="utf-8")
    url = config["metadata"]["url"]

    def absolute(match: re.Match[str]) -> str:
        kind = "raw" if match[1] else "blob"
        return f"{match[1]}[{match[2]}]({url}/{kind}/main/{match[3]})"

    return _LINK.sub(absolute, (HERE / "README.md").read_text(encoding="utf-8"))


class BuildWithGlossaries(build_py):
    """Puts glossaries/ beside the code, where an installed batchtx finds them by name."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for path in self._glossaries():
                self.mkpath(str(path.parent))
                copyfile(HERE / "glossaries" / path.name, path)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return [*super().get_outputs(include_bytecode), *map(str, self._glossaries())]

    def _glossaries(self) -> list[Path]:
        folder = Path(self.build_lib) / "batchtx" / "glossaries"
        return [folder / path.name for path in sorted((HERE / "glossaries").glob("*.csv"))]


setup(
    long_description=page(),
    long_description_content_type="text/markdown",
    cmdclass={"build_py": BuildWithGlossaries},
)
