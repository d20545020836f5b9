"""A teacher: any transformers seq2seq model by directory or name, seen as text to text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

import batchtx.distill.teacher  # noqa: F401  (registers CSANMT with the Auto classes)
from batchtx.distill.data.vocabulary import PAD_ID
from batchtx.distill.teacher.beam import csanmt_beam
from batchtx.distill.teacher.bundle_writer import BundleWriter
from batchtx.distill.teacher.search import SearchRecipe
from batchtx.errors import ConfigError


class Teacher:
    """A loaded teacher. A bundle of the same weights writes its targets faster.

    languages are the codes of source and target of a teacher that knows many, e.g. ("zho_Hans", "eng_Latn")
    for NLLB.

    Raises:
        ConfigError: the teacher asks for languages, or does not know these.
    """

    def __init__(
        self,
        name: str,
        search: SearchRecipe,
        bundle: Path | None = None,
        languages: tuple[str, str] | None = None,
    ) -> None:
        self.name, self.search = name, search
        self._writer = None if bundle is None else BundleWriter(bundle, search)
        self._tokenizer = AutoTokenizer.from_pretrained(name)
        self._model = AutoModelForSeq2SeqLM.from_pretrained(name, dtype=torch.float32).eval()
        self._forced = self._set_languages(languages)
        self._source_ids = self._target_ids = torch.zeros(0, dtype=torch.long)

    def share_vocabulary(self, source_pieces: Sequence[str], target_pieces: Sequence[str]) -> None:
        """Makes ready for soft labels, which need the student's pieces; their order may differ.

        Raises:
            ConfigError: the teacher reads or writes other pieces.
        """
        source = self._tokenizer.get_vocab()
        target = getattr(self._tokenizer, "target_encoder", None) or source
        if not (set(source_pieces) <= set(source) and set(target_pieces) <= set(target)):
            raise ConfigError(
                f"{self.name}: its vocabulary is not the student's, so it can give no soft labels; "
                "use --top-k 0 (sequences only) or train the student on the teacher's vocabulary"
            )
        self._source_ids = torch.tensor([source[piece] for piece in source_pieces])
        self._target_ids = torch.tensor([target[piece] for piece in target_pieces])

    def translate(self, sources: Sequence[str]) -> list[str | None]:
        """Returns the best target of each source; None where the teacher found no end or wrote an unknown
        word.
        """
        return [targets[0] for targets in self.n_best(sources)]

    @torch.no_grad()
    def n_best(self, sources: Sequence[str]) -> list[list[str | None]]:
        """Returns search.n_best targets of each source, the likeliest first (samples: as they were drawn)."""
        if self._writer is not None:
            return self._writer.translate(sources)
        tokens = self._tokenizer(list(sources), return_tensors="pt", padding=True)
        written = self._model.generate(**tokens, **self._generation_options())
        end, unknown = self._tokenizer.eos_token_id, self._tokenizer.unk_token
        texts: list[str | None] = []
        for row in written:
            complete = bool((row[1:] == end).any())
            text = str(self._tokenizer.decode(row, skip_special_tokens=False))
            usable = complete and unknown not in text
            clean = str(self._tokenizer.decode(row, skip_special_tokens=True))
            texts.append(clean if usable else None)
        n = self.search.n_best
        return [texts[at : at + n] for at in range(0, len(texts), n)]

    @torch.no_grad()
    def step_probabilities(
        self, source: Tensor, target: Tensor, top_k: int, temperature: float
    ) -> tuple[Tensor, Tensor]:
        """Returns the likeliest words before each token: ids and probabilities [batch, target_len, top_k].

        Everything is in ids of the student. source [batch, source_len] and target
        [batch, target_len] end with the end token and are padded behind it. Words that the student
        cannot write are left out before the probabilities are taken.
        """
        config, mask = self._model.config, source != PAD_ID
        own_source = torch.where(mask, self._source_ids[source], config.pad_token_id)
        own_target = torch.where(target != PAD_ID, self._target_ids[target], config.pad_token_id)
        start = F.pad(own_target, (1, 0), value=config.decoder_start_token_id)[:, :-1]
        if config.model_type == "csanmt":
            mask = own_source != config.pad_token_id
        logits = self._model(input_ids=own_source, attention_mask=mask, decoder_input_ids=start).logits
        student_logits = logits[..., self._target_ids]  # [batch, target_len, vocab of the student]
        kept = (student_logits / temperature).softmax(-1).topk(top_k, dim=-1)
        return kept.indices, kept.values

    def _set_languages(self, languages: tuple[str, str] | None) -> int | None:
        """Tell a tokenizer of many languages which two are meant; the id that its targets begin with."""
        has_languages = hasattr(self._tokenizer, "src_lang")
        if has_languages != (languages is not None):
            asked = "name its two languages with --languages" if has_languages else "leave out --languages"
            raise ConfigError(f"{self.name}: {asked}")
        if languages is None:
            return None
        known = self._tokenizer.get_vocab()
        codes = [code if code in known else f"__{code}__" for code in languages]  # M2M100: __zh__
        for given, code in zip(languages, codes, strict=True):
            if code not in known:
                raise ConfigError(f"{self.name}: no language {given!r}; look at its tokenizer_config.json")
        self._tokenizer.src_lang = languages[0]
        return int(known[codes[1]])

    def _generation_options(self) -> dict[str, Any]:
        search = self.search
        options: dict[str, Any] = {
            "max_new_tokens": search.max_target_tokens,
            "num_return_sequences": search.n_best,
            "forced_eos_token_id": None,  # OPUS-MT's would end what is cut off as if it were whole
        }
        if self._forced is not None:
            options["forced_bos_token_id"] = self._forced
        if search.sample_temperature:
            # top_k 0: all words; transformers would keep 50.
            sampling = {"do_sample": True, "top_k": 0, "temperature": search.sample_temperature}
            return options | sampling | {"num_beams": 1}
        options |= {"do_sample": False, "num_beams": search.beam_size}
        if self._model.config.model_type == "csanmt":
            return options | {"custom_generate": csanmt_beam}
        return options | ({"length_penalty": search.length_exponent} if search.beam_size > 1 else {})
