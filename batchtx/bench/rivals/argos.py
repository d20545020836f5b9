"""argostranslate, with our student as its package: lines of text, or DOCX through argos-translate-files."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Translates lines, in two batchings, or a document."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    translation = _translation(Path(task["package"]))
    if "document" in task:
        from argostranslatefiles import argostranslatefiles

        say("done", output=argostranslatefiles.translate_file(translation, task["document"]))
        return
    lines = task["lines"]
    first = translation.translate(lines[0])
    say("first", text=first)
    started = time.process_time()
    alone = [translation.translate(line) for line in lines]
    used_s = time.process_time() - started
    group = lines[: task["n_batched"]]
    together = translation.translate("".join(group))
    say("done", cpu_s=used_s, same=together.replace(" ", "") == "".join(alone[: len(group)]).replace(" ", ""))


def _translation(package: Path) -> Any:
    import argostranslate.package
    import argostranslate.translate

    class Rule:
        """Sentences by their marks: the model that argos would download is not to be had offline."""

        def __init__(self, package: Any) -> None:
            self.package = package

        def split_sentences(self, text: str) -> list[str]:
            return [one for one in re.split("(?<=[。！？])", text) if one.strip()]

    argostranslate.translate.MiniSBDSentencizer = Rule
    argostranslate.translate.StanzaSentencizer = Rule
    argostranslate.package.install_from_path(package)
    languages = {one.code: one for one in argostranslate.translate.get_installed_languages()}
    return languages["zh"].get_translation(languages["en"])


def say(event: str, **facts: Any) -> None:
    """Tells the caller."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
