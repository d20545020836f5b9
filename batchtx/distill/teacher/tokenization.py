"""Text to the ids of a released CSANMT model and back, as its pipeline does it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizer

from batchtx.distill.teacher.configuration import END_ID

END, UNKNOWN = "</s>", "<unk>"
# The released models of these pairs keep dashes together.
_KEEP_DASHES = frozenset({"es", "fr"})
_FILES = {
    "source_vocab_file": "source_vocab.txt",
    "target_vocab_file": "target_vocab.txt",
    "codes_file": "source_codes.txt",
}


class CsanmtTokenizer(PreTrainedTokenizer):
    """Words by jieba or Moses, then BPE; ids are line numbers of the vocabularies.

    Sources get the source vocabulary, decoding uses the target's. No end is added to sources:
    the encoder does that. source_size is V: an unknown piece becomes V - 1.
    """

    vocab_files_names = _FILES
    model_input_names = ["input_ids", "attention_mask"]  # noqa: RUF012

    def __init__(
        self,
        source_vocab_file: str,
        target_vocab_file: str,
        codes_file: str,
        source_language: str = "zh",
        target_language: str = "en",
        source_size: int | None = None,
        **others: Any,
    ) -> None:
        from subword_nmt.apply_bpe import BPE

        self._paths = {
            "source_vocab_file": source_vocab_file,
            "target_vocab_file": target_vocab_file,
            "codes_file": codes_file,
        }
        self.source_pieces = _lines(source_vocab_file)
        self.target_pieces = _lines(target_vocab_file)
        self.source_size = source_size or len(self.source_pieces) + 1
        self._ids = {piece: index for index, piece in enumerate(self.source_pieces)}
        self._ids.setdefault(UNKNOWN, self.source_size - 1)
        with Path(codes_file).open(encoding="utf-8") as codes:
            self._bpe = BPE(codes)
        dashes = bool(_KEEP_DASHES & {source_language, target_language})
        self._words = _word_splitter(source_language, split_dashes=not dashes)
        self._join = _word_joiner(target_language)
        super().__init__(
            source_language=source_language,
            target_language=target_language,
            source_size=self.source_size,
            **({"pad_token": END, "eos_token": END, "unk_token": UNKNOWN} | others),
        )

    @property
    def vocab_size(self) -> int:
        return self.source_size

    def get_vocab(self) -> dict[str, int]:
        return dict(self._ids)

    def words(self, text: str) -> str:
        """Returns the words of a source, with spaces between."""
        return self._words(text)

    def decode_target(self, ids: Sequence[int]) -> str:
        """Returns the text of target ids up to the first end."""
        kept = list(ids)
        kept = kept[: kept.index(END_ID)] if END_ID in kept else kept
        known = len(self.target_pieces)
        pieces = [self.target_pieces[index] if index < known else UNKNOWN for index in kept]
        joined = " ".join(pieces).replace("@@ ", "").replace("@@", "")
        return self._join(joined.split())

    def build_inputs_with_special_tokens(
        self, token_ids_0: list[int], token_ids_1: list[int] | None = None
    ) -> list[int]:
        return token_ids_0 + (token_ids_1 or [])

    def save_vocabulary(self, save_directory: str, filename_prefix: str | None = None) -> tuple[str, ...]:
        written = []
        for key, name in _FILES.items():
            path = Path(save_directory) / (f"{filename_prefix}-{name}" if filename_prefix else name)
            if path.resolve() != Path(self._paths[key]).resolve():
                shutil.copyfile(self._paths[key], path)
            written.append(str(path))
        return tuple(written)

    def _tokenize(self, text: str, **_: Any) -> list[str]:
        return list(self._bpe.process_line(self._words(text)).split())

    def _convert_token_to_id(self, token: str) -> int:
        return self._ids.get(token, self.source_size - 1)

    def _convert_id_to_token(self, index: int) -> str:
        return self.source_pieces[index] if index < len(self.source_pieces) else UNKNOWN

    def _decode(self, token_ids: Any, *_: Any, **__: Any) -> str:
        ids = [int(index) for index in ([token_ids] if isinstance(token_ids, int) else token_ids)]
        # generate() puts the zero that starts the decoder in front.
        return self.decode_target(ids[1:] if ids and ids[0] == END_ID else ids)


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").rstrip("\n").split("\n")


def _word_splitter(language: str, *, split_dashes: bool) -> Callable[[str], str]:
    if language == "zh":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba's import of pkg_resources
            import jieba

        jieba.setLogLevel("WARNING")
        return lambda text: " ".join(jieba.cut(text))
    from sacremoses import MosesPunctNormalizer, MosesTokenizer

    normalizer, tokenizer = MosesPunctNormalizer(lang=language), MosesTokenizer(lang=language)
    return lambda text: str(
        tokenizer.tokenize(normalizer.normalize(text), aggressive_dash_splits=split_dashes, return_str=True)
    )


def _word_joiner(language: str) -> Callable[[list[str]], str]:
    from sacremoses import MosesDetokenizer

    detokenizer = MosesDetokenizer(lang=language)
    return lambda words: str(detokenizer.detokenize(words))
