"""Any transformers sequence-to-sequence model, on the CPU through torch: OPUS-MT, NLLB, our own
checkpoint, the LSTM student. Slower than CTranslate2 and larger in memory; needs the extra `torch`.

Sources are decoded one at a time: in float32 a batch changes the last bits of the logits, and with
them now and then a word. One at a time, the text depends on the source alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from batchtx.engines.language_codes import MBART, NLLB, m2m100_token
from batchtx.engines.spec import EngineSpec
from batchtx.errors import EngineError, ModelError
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.records import Hypothesis

try:
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    import batchtx.student.lstm  # noqa: F401  (registers the LSTM student with the Auto classes)
except ImportError as missing:
    raise EngineError(f"the torch engine needs {missing.name}: pip install 'batchtx[torch]'") from None

_LENGTH_FACTOR = 2.5
_LENGTH_SLACK = 24
_QUANTIZED = {torch.nn.Linear, torch.nn.LSTM, torch.nn.LSTMCell}


class TorchEngine:
    """One transformers model in one process.

    Args:
        folder: a transformers folder or hub name.
        quantize: int8 dynamic quantisation of linear and LSTM layers.
        source_language, target_language: for models of many languages (NLLB, M2M100).

    Raises:
        ModelError: transformers cannot load it.
    """

    translates = True
    inline_terms = False

    def __init__(
        self,
        folder: str,
        *,
        quantize: bool = False,
        source_language: str = DEFAULT_SOURCE,
        target_language: str = DEFAULT_TARGET,
    ) -> None:
        torch.set_num_threads(1)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
            model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ModelError(f"{folder}: transformers cannot load it ({reason})") from None
        model.eval()
        if quantize:
            model = _quantized(model)
        self._model = model
        self._forced: dict[str, int] = self._set_languages(source_language, target_language)
        self.max_source_tokens = _max_positions(model.config)
        self.placeholders = bool(getattr(model.config, "batchtx_placeholders", False))

    def translate(
        self, sources: Sequence[str], *, beam_size: int = 1, align: bool = False
    ) -> list[Hypothesis]:
        """Returns one hypothesis per source, in order, without alignment."""
        return [self._one(source, beam_size) if source.strip() else Hypothesis("") for source in sources]

    def count_tokens(self, source: str) -> int:
        """Returns the length of a source in the tokenizer's tokens, special tokens included."""
        return len(self._tokenizer(source)["input_ids"])

    def _one(self, source: str, beam_size: int) -> Hypothesis:
        inputs = self._tokenizer(source, return_tensors="pt")
        n_source = int(inputs["input_ids"].shape[1])
        limit = min(int(_LENGTH_FACTOR * n_source) + _LENGTH_SLACK, self.max_source_tokens - 1)
        with torch.inference_mode():
            output = self._model.generate(
                **inputs,
                **self._forced,
                num_beams=beam_size,
                do_sample=False,
                max_new_tokens=limit,
                output_scores=True,
                return_dict_in_generate=True,
            )
        tokens = output.sequences[0]
        return Hypothesis(
            text=self._tokenizer.decode(tokens, skip_special_tokens=True).strip(),
            score=_mean_log_probability(output, tokens, beam_size),
            complete=len(output.scores) < limit,
        )

    def _set_languages(self, source: str, target: str) -> dict[str, int]:
        """Tell a model of many languages which two are meant; others need nothing."""
        if not hasattr(self._tokenizer, "src_lang"):
            return {}
        for source_code, target_code, piece in (
            (NLLB.get(source, source), NLLB.get(target, target), NLLB.get(target, target)),
            (MBART.get(source, source), MBART.get(target, target), MBART.get(target, target)),
            (source, target, m2m100_token(target)),
        ):
            token = self._tokenizer.convert_tokens_to_ids(piece)
            if token is not None and token != self._tokenizer.unk_token_id:
                self._tokenizer.src_lang, self._tokenizer.tgt_lang = source_code, target_code
                return {"forced_bos_token_id": token}
        return {}


def _quantized(model: Any) -> Any:
    """The model in int8. torch announces that torchao will replace this; so far it needs no package."""
    quantize_dynamic: Any = torch.ao.quantization.quantize_dynamic
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return quantize_dynamic(model, _QUANTIZED, dtype=torch.qint8)


def _mean_log_probability(output: Any, tokens: Any, beam_size: int) -> float | None:
    """Mean log-probability of the chosen tokens in nats, end mark included; by hand, since the
    library's function takes the source vocabulary's size for the target's."""
    if not len(output.scores):
        return None
    if beam_size > 1:
        return float(output.sequences_scores[0])
    chosen = tokens[len(tokens) - len(output.scores) :]
    steps = [scores[0].log_softmax(-1)[token] for scores, token in zip(output.scores, chosen, strict=True)]
    return float(torch.stack(steps).mean())


def build(spec: EngineSpec) -> TorchEngine:
    """Loads the model that `spec` names."""
    return TorchEngine(
        spec.model,
        quantize=spec.quantize,
        source_language=spec.source_language or DEFAULT_SOURCE,
        target_language=spec.target_language or DEFAULT_TARGET,
    )


def _max_positions(config: Any) -> int:
    limit = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or 512
    return min(int(limit), 512) - 2
