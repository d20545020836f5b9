"""Makes `data/words.txt.xz`: English words in lower case, of a word list and of open texts.

`python -m batchtx.language.en.make_words PAIRS` reads all *.tsv.xz of the folder PAIRS (source, English),
the glosses of dict-cedict.tsv.xz among them, and the list of pyspellchecker, which it needs.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import Counter
from pathlib import Path

DATA = Path(__file__).with_name("data")
_WORD = re.compile(r"[A-Za-z][a-z]{2,23}")
_LEAST_LINES = 4
_DICTIONARY = "dict-cedict"


def main() -> None:
    """Writes the file, and prints how large it is."""
    lines: Counter[str] = Counter()
    for path in sorted(Path(sys.argv[1]).glob("*.tsv.xz")):
        weight = _LEAST_LINES if path.name.startswith(_DICTIONARY) else 1
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                english = line.split("\t")[1]
                for word in {word.lower() for word in _WORD.findall(english)}:
                    lines[word] += weight
    words = sorted({word for word, n in lines.items() if n >= _LEAST_LINES} | _listed())
    packed = lzma.compress("\n".join(words).encode(), preset=9 | lzma.PRESET_EXTREME)
    (DATA / "words.txt.xz").write_bytes(packed)
    sys.stdout.write(f"{len(words):,} words, {len(packed):,} bytes\n")


def _listed() -> set[str]:
    from spellchecker import SpellChecker

    words = SpellChecker(language="en").word_frequency.keys()
    return {word for word in words if word.isascii() and word.isalpha() and len(word) > 2}


if __name__ == "__main__":
    main()
