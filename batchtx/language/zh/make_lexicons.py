"""Makes the files of `data/` from jieba's dictionary, pypinyin, and the list of places of cpca (all MIT).

`python -m batchtx.language.zh.make_lexicons` needs the three packages; the files are committed,
and nothing of it is needed to translate.
"""

from __future__ import annotations

import lzma
import math
import sys
from collections import Counter
from pathlib import Path

from batchtx.language.zh.lexicons import joined
from batchtx.language.zh.place_kinds import KINDS, PEOPLES, SPELLINGS
from batchtx.language.zh.surnames import COMPOUND, RARE, SINGLE

DATA = Path(__file__).with_name("data")
_MOST_COMMON_SURNAMES = 130
_LEAST_FREQUENT = 3
_SMOOTH, _SMOOTH_ALL = 0.3, 100
_HIGHEST = 9
_WORDS = """
朝阳 大同 三明 白银 来宾 百色 日照 安康 东方 中山 通化 白山 和田 巴中 固原 中卫 海东 阳江 保山 文昌 白城
海北 海西 黄南 玉树 山南 平凉 德州 文山 滨州
"""
_ALSO_WORDS = frozenset(_WORDS.split())
"""Short names of cities that are words, or end the names of others."""


def main() -> None:
    """Writes both files, and prints how large they are."""
    words = list(_jieba())
    for name, text in (
        ("names.txt.xz", names(words)),
        ("readings.txt.xz", readings()),
        ("places.txt.xz", places()),
    ):
        packed = lzma.compress(text.encode(), preset=9)
        (DATA / name).write_bytes(packed)
        sys.stdout.write(f"{name}: {len(packed):,} bytes\n")


def names(words: list[tuple[str, int, str]]) -> str:
    """Returns two lines: characters with a digit that tells how much each speaks for a given name (4:
    nothing); and the words that begin or end with a surname.
    """
    surnames = SINGLE | RARE
    given: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for word, count, tag in words:
        everywhere.update(dict.fromkeys(word, count))
        if tag == "nr" and len(word) == 3 and word[0] in surnames:
            given.update(word[1:])
    n_given, n_all = given.total(), everywhere.total()
    scored = []
    for char in given:
        ratio = math.log((given[char] + _SMOOTH) / n_given) - math.log(
            (everywhere[char] + _SMOOTH_ALL) / n_all
        )
        scored.append(f"{char}{max(0, min(_HIGHEST, round(ratio) + 4))}")
    kept = sorted(
        word
        for word, count, tag in words
        if 2 <= len(word) <= 4
        and not tag.startswith("nr")
        and count >= _LEAST_FREQUENT
        and (word[0] in surnames or word[-1] in surnames or word.startswith(COMPOUND))
    )
    return "".join(scored) + "\n" + " ".join(kept) + "\n"


def readings() -> str:
    """Returns a line for each syllable: the syllable, and the characters that are read so alone."""
    from pypinyin import Style, pinyin

    by_syllable: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        char = chr(code)
        syllable = pinyin(char, style=Style.NORMAL, v_to_u=True)[0][0]
        if syllable != char:
            by_syllable.setdefault(syllable, []).append(char)
    return "".join(f"{syllable} {''.join(chars)}\n" for syllable, chars in sorted(by_syllable.items()))


def places() -> str:
    """Returns a line for each place: its name and its English, and for provinces and cities their short
    name.
    """
    lines: dict[str, str] = {}
    short: dict[str, str] = {}
    for code, name in sorted(_divisions()):
        if name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划") or len(name) < 2:
            continue
        stem, ending = _parted(name)
        english = _spelled(stem, name)
        lines.setdefault(
            name,
            f"{english}{ending}" if len(stem) > 1 or not ending else f"{english}{_syllable(name)}{ending}",
        )
        is_large = code.endswith("00000000") and (code[2:4] != "90")
        if is_large and len(stem) > 1 and stem not in _ALSO_WORDS:
            short.setdefault(stem, english)
    both = {**{name: english for name, english in short.items() if name not in lines}, **lines}
    return "".join(f"{name}\t{english}\n" for name, english in sorted(both.items()))


def _parted(name: str) -> tuple[str, str]:
    """A name without its kind, and its kind in English: " Bai Autonomous Prefecture"."""
    for kind, english in KINDS.items():
        if not name.endswith(kind) or len(name) == len(kind):
            continue
        stem = name[: -len(kind)]
        peoples: list[str] = []
        while kind.startswith("自治") and stem != "内蒙古":
            found = next((p for p in PEOPLES if stem.endswith(p) and len(stem) > len(p)), None)
            if found is None:
                break
            peoples.insert(0, PEOPLES[found])
            stem = stem[: -len(found)]
        said = " and ".join(peoples) if len(peoples) < 3 else f"{', '.join(peoples[:-1])} and {peoples[-1]}"
        return stem, f" {said} {english}" if said else f" {english}" if english else ""
    return name, ""


def _spelled(stem: str, name: str) -> str:
    from pypinyin import lazy_pinyin

    if stem in SPELLINGS:
        return SPELLINGS[stem]
    syllables = lazy_pinyin(name, v_to_u=True)[: len(stem)]
    return joined(syllables).capitalize()


def _syllable(name: str) -> str:
    return {"县": "xian", "区": "qu", "旗": "qi"}.get(name[-1], "")


def _divisions() -> list[tuple[str, str]]:
    import csv
    from importlib.util import find_spec

    found = find_spec("cpca")  # its import asks for pandas
    assert found is not None and found.origin is not None
    text = Path(found.origin).with_name("resources").joinpath("adcodes.csv").read_text(encoding="utf-8")
    return [(row[0], row[1]) for row in csv.reader(text.splitlines()[1:])]


def _jieba() -> list[tuple[str, int, str]]:
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split(" ") for line in lines)
    return [(word, int(count), tag) for word, count, tag in parts]


if __name__ == "__main__":
    main()
