"""Recipes: what is trained on what, read from TOML into records."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from batchtx.errors import ConfigError


@dataclass(frozen=True, slots=True)
class DataRecipe:
    """Which sources are used, how often, and which are held out.

    weights and caps are (name pattern, value); the first match counts. A source in held_out
    is never trained on: its rows become the dev and test sets of that domain. held_out_rows
    takes rows out of a source that is trained on otherwise.
    """

    source_language: str
    target_language: str
    seed: int = 1
    max_tokens: int = 120
    max_ratio: float = 3.5
    exclude: tuple[str, ...] = ()
    term_dictionary: str | None = None
    weights: tuple[tuple[str, float], ...] = ()
    caps: tuple[tuple[str, int], ...] = ()
    held_out: tuple[tuple[str, str], ...] = ()
    held_out_rows: tuple[tuple[str, str], ...] = ()
    held_out_size: int = 400

    def weight(self, name: str) -> float:
        """Returns how often a pair of this source is expected in an epoch."""
        return next((value for pattern, value in self.weights if fnmatchcase(name, pattern)), 1.0)

    def cap(self, name: str) -> int | None:
        """Returns how many pairs of this source are kept at most; None: all."""
        return next((value for pattern, value in self.caps if fnmatchcase(name, pattern)), None)


@dataclass(frozen=True, slots=True)
class AugmentRecipe:
    """Shares of pairs that are changed, between 0 and 1 (augment.py).

    annotated_pairs is a number: so many extra copies of pairs, from sources of weight 1 and more,
    with one to three terms annotated; annotated_swapped of the terms get another wording, and
    annotated_placeholders of the copies have placeholders too. number_pairs: so many extra copies
    with other numbers; joined_pairs: so many with the pair behind them joined on, as long segments.
    """

    placeholders: float = 0.0
    terms: float = 0.0
    swapped_terms: float = 0.0
    capitals: float = 0.0
    bare_end: float = 0.0
    dictionary_entries: float = 0.0
    annotated_pairs: int = 0
    annotated_swapped: float = 0.5
    annotated_placeholders: float = 0.3
    number_pairs: int = 0
    joined_pairs: int = 0


@dataclass(frozen=True, slots=True)
class VocabularyRecipe:
    """SentencePiece training (vocabulary.py), or the pieces of a pretrained encoder (cut_vocabulary.py).

    Of the latter `size` is the largest number, and source_min_count how often the sources must use one.
    """

    size: int
    sample: int
    source_min_count: int = 5
    character_coverage: float = 0.9995
    target_min_count: int = 10
    target_min_share: float = 0.05
    threads: int = 2


@dataclass(frozen=True, slots=True)
class NetworkRecipe:
    """A transformer (network.py), the LSTM student (student/lstm.py), or a teacher (csanmt).

    pre_norm: the transformer normalises before its sublayers, which trains more safely where it is deep.
    bart: learned positions, a layer norm behind the embeddings, and GELU, as BERT and BART have them.
    encoder: what the encoder begins with (pretrained.py): `e5-small`, a transformers folder, or a model of
    the hub, of this width; its first encoder_layers layers are used. Needs bart.
    For the LSTM, feed_forward is the size of its states, encoder_layers that of both sides, and
    attention is "local-p" or "global".
    """

    width: int
    encoder_layers: int
    decoder_layers: int
    feed_forward: int
    heads: int
    dropout: float = 0.0
    architecture: str = "transformer"
    attention: str = "local-p"
    pre_norm: bool = False
    bart: bool = False
    encoder: str = ""


@dataclass(frozen=True, slots=True)
class OptimizerRecipe:
    """Muon on hidden matrices, AdamW on the rest (optimizer.py).

    encoder_rate: AdamW's rate for a pretrained encoder, its matrices too, and for words of sources alone.
    """

    muon_rate: float = 0.03
    adam_rate: float = 2e-3
    encoder_rate: float = 2e-4
    muon_weight_decay: float = 0.0
    warmup_steps: int = 100
    decay_share: float = 0.25
    clip_norm: float = 1.0
    average_decay: float = 0.998


@dataclass(frozen=True, slots=True)
class StageRecipe:
    """One training stage (stages/).

    Token counts are target tokens. total_tokens plans the learning rate and the end, and so does
    planned_s, the seconds of all pieces together (0: no limit), whichever comes first. Both may be
    changed when training resumes; with planned_s a resumed run is only nearly an unbroken one.
    The loss is mle_weight * cross-entropy + kd_weight * distillation + reward_weight * policy
    gradient, each in nats per target token; a weight of 0 leaves a part out.
    dynamic: distillation grows stronger and softer with the source, up to steady_length tokens.
    processor_time: planned_s counts the time on the processor, which other programs do not change.
    bleu_segments: dev BLEU of so many held-out segments, written greedily with the averaged weights,
    is measured at the evaluations, and the best weights are kept; 0: the loss alone. Training ends
    after `patience` evaluations without a better BLEU; 0: it does not.
    compile: torch.compile for the layers of a transformer, on accelerators only.
    repeatable: accelerators add up in the same order each time, where they can; slower.
    """

    total_tokens: int = 0
    planned_s: float = 0.0
    processor_time: bool = False
    micro_tokens: int = 1500
    step_tokens: int = 8000
    label_smoothing: float = 0.1
    alignment_weight: float = 0.0
    seed: int = 1
    checkpoint_s: float = 600.0
    evaluate_steps: int = 1000
    bleu_segments: int = 0
    patience: int = 0
    compile: bool = False
    repeatable: bool = True
    mle_weight: float = 1.0
    kd_weight: float = 0.0
    reward_weight: float = 0.0
    dynamic: bool = False
    steady_length: int = 30
    reward: str = "bleu"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All of a training run. weaknesses are lines of the model card that no figure tells."""

    name: str
    version: str
    licence: str
    data: DataRecipe
    augment: AugmentRecipe
    vocabulary: VocabularyRecipe
    network: NetworkRecipe
    optimizer: OptimizerRecipe
    mle: StageRecipe
    kd: StageRecipe
    rl: StageRecipe
    semantic: StageRecipe
    mgrc: StageRecipe
    weaknesses: tuple[str, ...] = ()


_Record = TypeVar("_Record")
_TABLES = {
    "data": DataRecipe,
    "augment": AugmentRecipe,
    "vocabulary": VocabularyRecipe,
    "network": NetworkRecipe,
    "optimizer": OptimizerRecipe,
    "mle": StageRecipe,
    "kd": StageRecipe,
    "rl": StageRecipe,
    "semantic": StageRecipe,
    "mgrc": StageRecipe,
}


def load_recipe(name_or_path: str) -> Recipe:
    """Returns a recipe by the name of a shipped one or by path; with `base` it changes another one.

    Raises:
        ConfigError: no such recipe, or a key in it is unknown or missing.
    """
    path, tables = _tables(name_or_path)
    head = {key: value for key, value in tables.items() if key not in _TABLES}
    for key, record in _TABLES.items():
        head[key] = _read(record, tables.get(key, {}), f"{path}, [{key}]")
    return _read(Recipe, head, str(path))


def _tables(name_or_path: str) -> tuple[Path, dict[str, Any]]:
    """The tables of a recipe, laid over those of its base, if it names one."""
    path = Path(name_or_path)
    if not path.suffix:
        path = Path(__file__).parent / "recipes" / f"{name_or_path}.toml"
    if not path.is_file():
        raise ConfigError(f"{name_or_path}: no such recipe; give a shipped name or a .toml file")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if "base" not in tables:
        return path, tables
    _, merged = _tables(tables.pop("base"))
    for key, value in tables.items():
        merged[key] = merged.get(key, {}) | value if isinstance(value, dict) else value
    return path, merged


def _read(record: type[_Record], table: dict[str, Any], place: str) -> _Record:
    known = {field.name for field in fields(record)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            raise ConfigError(f"{place}: unknown key {key!r}; known are {', '.join(sorted(known))}")
    values = {key: _freeze(value) for key, value in table.items()}
    try:
        return record(**values)
    except TypeError as error:
        raise ConfigError(f"{place}: {error}") from error


def _freeze(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, dict):
        return tuple(value.items())
    return value
