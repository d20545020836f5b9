"""How far training is: a bar on a terminal; elsewhere a line now and then."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

from tqdm import tqdm

from batchtx.distill.recipe import StageRecipe
from batchtx.distill.train.checkpoint import Position

_log = logging.getLogger(__name__)
_FORMS = {
    "loss": "loss {:.3f}",
    "nll": "{:.3f} nats a token",
    "bleu": "BLEU {:.2f}",
    "tokens_per_s": "{:,.0f} tokens/s",
}
_SECONDS = "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s [{elapsed}<{remaining}{postfix}]"


class Progress:
    """Of one stage, counted in planned seconds if there are any, else in target tokens.

    Nothing is shown to who asks for no log of level INFO.
    """

    def __init__(self, name: str, stage: StageRecipe, position: Position, *, shown: bool) -> None:
        self._shown = shown and _log.isEnabledFor(logging.INFO)
        self._timed = stage.planned_s > 0
        tokens = {"total": stage.total_tokens, "unit": "tokens", "unit_scale": True}
        seconds = {"total": stage.planned_s, "bar_format": _SECONDS}
        self._bar = tqdm(
            desc=name,
            initial=self._done(position),
            disable=None if self._shown else True,  # None: on a terminal only
            file=sys.stderr,
            **(seconds if self._timed else tokens),
        )

    def advance(self, position: Position) -> None:
        """Hears of every update."""
        self._bar.update(self._done(position) - self._bar.n)

    def tell(self, kind: str, position: Position, figures: Mapping[str, Any]) -> None:
        """Shows the figures of a metrics line."""
        if not self._shown:
            return
        if kind == "train" and not self._bar.disable:
            # A bar in tokens says by itself how many there are in a second.
            names = ("loss", "nll", "tokens_per_s") if self._timed else ("loss", "nll")
            self._bar.set_postfix_str(_figures({name: figures[name] for name in names}))
            return
        told = _begun(figures) if kind == "start" else f"{kind} {_figures(figures)}"
        text = f"{_place(position)}: {told}"
        if self._bar.disable:
            _log.info("%s", text)
        else:
            self._bar.write(text, file=sys.stderr)

    def close(self) -> None:
        """Leaves the bar as it stands."""
        self._bar.close()

    def _done(self, position: Position) -> float:
        return position.elapsed_s if self._timed else position.tokens


def _place(position: Position) -> str:
    data = f", {position.data}" if position.data else ""
    return f"step {position.step:,}, {position.tokens / 1e6:.2f} M tokens{data}"


def _begun(figures: Mapping[str, Any]) -> str:
    stages = " → ".join(figures["stages"])
    return f"{stages}, begun with {figures['start']}" if figures["start"] else stages


def _figures(figures: Mapping[str, Any]) -> str:
    return ", ".join(form.format(figures[name]) for name, form in _FORMS.items() if name in figures)
