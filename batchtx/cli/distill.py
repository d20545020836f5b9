"""The command group `distill`: prepare, align, train, export, evaluate, convert-teacher."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import click

from batchtx.cli.commands import CommandGroup
from batchtx.distill import LOG_FORMAT

_FOLDER = click.Path(file_okay=False, path_type=Path)
_recipe_option = click.option(
    "--recipe",
    "recipe_name",
    default="cpu",
    show_default=True,
    help="Name of a shipped recipe, or a TOML file.",
)


def _test_options(command):  # type: ignore[no-untyped-def]
    """The test sets of a command."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    for option in (
        click.option("--beam-size", default=4, show_default=True),
        click.option("--limit", type=int, help="Only so many segments of each set."),
        click.option("--held-out", type=path, multiple=True, help="dev.tsv or test.tsv."),
        click.option("--pairs", type=(str, path, path), multiple=True, help="Name, sources, references."),
    ):
        command = option(command)
    return command


_bundle_option = click.option(
    "--bundle", type=_FOLDER, help="TEACHER as a bundle: writes the same targets many times faster on CPUs."
)
_languages_option = click.option(
    "--languages",
    type=(str, str),
    help="Source and target of a TEACHER of many languages, in its codes: zho_Hans eng_Latn for NLLB.",
)


@click.group(cls=CommandGroup)
def distill() -> None:
    """Train students: the small models that translate."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)


@distill.command()
@click.argument("pairs", type=_FOLDER)
@click.argument("folder", type=_FOLDER)
@_recipe_option
@click.option("--workers", default=1, show_default=True, help="Processes that encode.")
@click.option("--vocabulary", type=_FOLDER, help="Take it from this transformers folder, to train that on.")
def prepare(pairs: Path, folder: Path, recipe_name: str, workers: int, vocabulary: Path | None) -> None:
    """Turn the pair files in PAIRS (*.tsv.xz) into the training folder FOLDER."""
    from batchtx.distill.data.prepare import prepare as prepare_folder
    from batchtx.distill.data.prepare import take_vocabulary
    from batchtx.distill.recipe import load_recipe

    if vocabulary is not None:
        take_vocabulary(folder, vocabulary)
    prepare_folder(pairs, folder, load_recipe(recipe_name), workers)


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@click.argument("folder", type=_FOLDER)
@_recipe_option
@click.option("--workers", default=1, show_default=True, help="Processes: one for each core.")
@click.option("--total-tokens", type=int, help="Plan for so many target tokens in all.")
@click.option("--planned-s", type=float, help="End after so many seconds in all pieces together.")
@click.option("--precision", type=click.Choice(["bfloat16", "float32"]), default="bfloat16")
@click.option("--device", default="cpu", show_default=True, help="E.g. cuda, with one worker.")
@click.option("--max-steps", type=int, help="Save and stop after so many updates.")
@click.option("--max-s", type=float, help="Save and stop after so many seconds; the plan stays.")
@click.option("--max-epochs", type=int, help="Stop when DATA_FOLDER was seen so many times; 1 for a slice.")
@click.option(
    "--stage", type=click.Choice(["mle", "kd", "rl", "semantic", "mgrc"]), default="mle", show_default=True
)
@click.option(
    "--start", type=_FOLDER, help="Begin with the weights of this run, RUN/best, or transformers folder."
)
def train(
    data_folder: Path,
    folder: Path,
    recipe_name: str,
    workers: int,
    total_tokens: int | None,
    planned_s: float | None,
    precision: str,
    max_steps: int | None,
    max_s: float | None,
    max_epochs: int | None,
    stage: str,
    start: Path | None,
    device: str,
) -> None:
    """Train on DATA_FOLDER in FOLDER, going on from its last checkpoint; Ctrl-C saves and stops."""
    from batchtx.distill.recipe import load_recipe
    from batchtx.distill.train.parallel import run_ranks
    from batchtx.distill.train.stages.run import TrainingRun
    from batchtx.distill.train.stages.train import train_rank

    recipe = load_recipe(recipe_name)
    changes = {"total_tokens": total_tokens, "planned_s": planned_s}
    planned = {name: value for name, value in changes.items() if value is not None}
    recipe = replace(recipe, **{stage: replace(getattr(recipe, stage), **planned)})
    if workers > 1 and device != "cpu":
        raise click.UsageError(f"--device {device} takes one worker")
    run = TrainingRun(
        data_folder, folder, recipe, precision, max_steps, stage, start, device, max_s, max_epochs
    )
    run_ranks(train_rank, workers, run)


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@click.argument("run_folder", type=_FOLDER)
@click.argument("bundle_folder", type=_FOLDER)
@_recipe_option
@click.option("--version", "version", required=True, help="Version of the bundle, e.g. 0.1.0.")
@click.option("--checkpoint", type=_FOLDER, help="Also write a float16 transformers folder here.")
@click.option(
    "--weights",
    type=click.Choice(["average", "weights", "best"]),
    default="average",
    show_default=True,
    help="The running average, the last ones, or the average with the best dev BLEU.",
)
@click.option("--dictionary", type=click.Path(exists=True, path_type=Path), help="Measure terms with it.")
@click.option("--alignment-set", type=click.Path(exists=True, path_type=Path), help="Hand-checked links.")
@click.option("--compare-float32", is_flag=True, help="Score without quantisation too.")
@_test_options
def export(
    data_folder: Path,
    run_folder: Path,
    bundle_folder: Path,
    recipe_name: str,
    version: str,
    checkpoint: Path | None,
    weights: str,
    pairs: tuple[tuple[str, Path, Path], ...],
    held_out: tuple[Path, ...],
    limit: int | None,
    beam_size: int,
    dictionary: Path | None,
    alignment_set: Path | None,
    compare_float32: bool,
) -> None:
    """Make a bundle of the last checkpoint in RUN_FOLDER, score it and write its card."""
    from datetime import UTC, datetime

    from batchtx.distill.recipe import load_recipe
    from batchtx.distill.release import release as releases

    recipe = load_recipe(recipe_name)
    today = datetime.now(UTC).date().isoformat()
    release = releases.Release(
        data_folder,
        run_folder,
        recipe,
        version,
        today,
        _test_sets(pairs, held_out, limit),
        beam_size,
        weights,
        dictionary,
        alignment_set,
        compare_float32,
    )
    _show(releases.release_bundle(release, bundle_folder))
    if checkpoint:
        releases.release_checkpoint(release, checkpoint)


@distill.command()
@click.argument("bundle_folder", type=_FOLDER)
@_test_options
@click.option("--compute-type", help="E.g. float32, to measure what int8 costs.")
def evaluate(
    bundle_folder: Path,
    pairs: tuple[tuple[str, Path, Path], ...],
    held_out: tuple[Path, ...],
    limit: int | None,
    beam_size: int,
    compute_type: str | None,
) -> None:
    """Score BUNDLE_FOLDER: BLEU and chrF for each set and domain, with 95 % intervals."""
    from batchtx.distill.release.release import score_bundle
    from batchtx.student.bundle import load_bundle

    sets = _test_sets(pairs, held_out, limit)
    scores, speed = score_bundle(load_bundle(bundle_folder), sets, beam_size, compute_type)
    _show(scores)
    click.echo(f"{speed.tokens_per_s:.0f} target tokens/s on one thread")


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@click.option("--limit", type=int, help="Align only so many pairs, in order.")
def align(data_folder: Path, limit: int | None) -> None:
    """Align the words of DATA_FOLDER (needs eflomal): the links guide one attention head."""
    import numpy as np

    from batchtx.distill.data.align import align_corpus

    align_corpus(data_folder, None if limit is None else np.arange(limit))


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@_recipe_option
def reweigh(data_folder: Path, recipe_name: str) -> None:
    """Give the sources of DATA_FOLDER the weights of a recipe: stop training before, then go on."""
    from batchtx.distill.data.prepare import reweigh as reweigh_folder
    from batchtx.distill.recipe import load_recipe

    reweigh_folder(data_folder, load_recipe(recipe_name), recipe_name)


@distill.command("slice")
@click.argument("data_folder", type=_FOLDER)
@click.argument("folder", type=_FOLDER)
@click.option("--megabytes", default=60.0, show_default=True, help="At most so many in one slice.")
@click.option("--by-weight", is_flag=True, help="Leave out what the weights of an epoch leave out.")
def slice_(data_folder: Path, folder: Path, megabytes: float, by_weight: bool) -> None:
    """Cut DATA_FOLDER into training folders of at most so many megabytes, under FOLDER.

    Together they hold each pair once: `train SLICE RUN --max-epochs 1`, one after the other.
    """
    from batchtx.distill.data.slices import slice_data

    for path in slice_data(data_folder, folder, round(megabytes * 1e6), by_weight):
        click.echo(path)


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@click.argument("teacher")
@click.argument("folder", type=_FOLDER)
@click.option("--references", is_flag=True, help="Judge the references instead of translating.")
@click.option("--top-k", default=8, show_default=True, help="Words kept of each step; 0: none.")
@click.option("--temperature", default=4.0, show_default=True, help="Of the kept words.")
@click.option("--beam-size", default=4, show_default=True)
@click.option("--sample-temperature", default=0.0, help="Above 0: sample instead of a beam.")
@click.option("--n-best", default=1, show_default=True, help="Targets kept of each source.")
@_bundle_option
@_languages_option
@click.option("--limit", type=int, help="Only so many pairs.")
def label(
    data_folder: Path,
    teacher: str,
    folder: Path,
    references: bool,
    top_k: int,
    temperature: float,
    beam_size: int,
    sample_temperature: float,
    n_best: int,
    bundle: Path | None,
    languages: tuple[str, str] | None,
    limit: int | None,
) -> None:
    """Let TEACHER, any transformers seq2seq model, label the pairs of DATA_FOLDER into FOLDER."""
    from batchtx.distill.labels.label import LabelRecipe, label_corpus
    from batchtx.distill.teacher.port import Teacher
    from batchtx.distill.teacher.search import SearchRecipe

    search = SearchRecipe(beam_size, sample_temperature=sample_temperature, n_best=n_best)
    recipe = LabelRecipe(not references, top_k, temperature, limit)
    label_corpus(data_folder, Teacher(teacher, search, bundle, languages), folder, recipe)


@distill.command()
@click.argument("data_folder", type=_FOLDER)
@click.argument("teacher")
@click.argument("folder", type=_FOLDER)
@click.option("--recipe", "recipe_names", multiple=True, help="May be repeated.  [default: both ablations]")
@click.option("--pairs", default=4000, show_default=True, help="How many pairs TEACHER labels.")
@click.option("--beam-size", default=4, show_default=True, help="Of TEACHER.")
@_bundle_option
@_languages_option
@click.option("--start-s", default=120.0, show_default=True, help="Processor seconds of MLE before.")
@click.option("--variant-s", default=90.0, show_default=True, help="Processor seconds of each variant.")
@click.option("--segments", default=300, show_default=True, help="Held-out segments to score.")
@click.option("--workers", default=1, show_default=True, help="Variants trained at once: one for each core.")
@click.option("--precision", type=click.Choice(["bfloat16", "float32"]), default="bfloat16")
def ablate(
    data_folder: Path,
    teacher: str,
    folder: Path,
    recipe_names: tuple[str, ...],
    pairs: int,
    beam_size: int,
    bundle: Path | None,
    languages: tuple[str, str] | None,
    start_s: float,
    variant_s: float,
    segments: int,
    workers: int,
    precision: str,
) -> None:
    """Compare MLE, sequence KD, soft labels, dynamic KD and reward: same start, pairs and seconds."""
    from batchtx.distill import ablate as ablation
    from batchtx.distill.labels.label import LabelRecipe
    from batchtx.distill.recipe import load_recipe
    from batchtx.distill.teacher.port import Teacher
    from batchtx.distill.teacher.search import SearchRecipe

    recipes = tuple(load_recipe(name) for name in recipe_names or ("ablation", "ablation-lstm"))
    plan = ablation.Plan(data_folder, folder, recipes, pairs, start_s, variant_s, segments, precision)
    teacher_model = Teacher(teacher, SearchRecipe(beam_size=beam_size), bundle, languages)
    click.echo(ablation.table(ablation.ablate(plan, teacher_model, LabelRecipe(), workers)))


@distill.command()
@click.argument("run_folder", type=_FOLDER)
@click.argument("picture", type=click.Path(dir_okay=False, path_type=Path))
def curve(run_folder: Path, picture: Path) -> None:
    """Draw the training curve of RUN_FOLDER as the SVG file PICTURE."""
    from batchtx.distill.release.curve import draw_curve

    draw_curve(run_folder, picture)


@distill.command("convert-teacher")
@click.argument("source", type=_FOLDER)
@click.argument("folder", type=_FOLDER)
def convert_teacher(source: Path, folder: Path) -> None:
    """Turn SOURCE, a CSANMT directory from ModelScope, into the transformers directory FOLDER."""
    from batchtx.distill.teacher.convert import convert_teacher as convert

    convert(source, folder)


def _test_sets(pairs, held_out, limit):  # type: ignore[no-untyped-def]
    from batchtx.distill.release.evaluate import read_domains, read_evaluation_set

    sets = [read_evaluation_set(name, source, reference, limit) for name, source, reference in pairs]
    return (*sets, *(test for path in held_out for test in read_domains(path, limit)))


def _show(scores) -> None:  # type: ignore[no-untyped-def]
    for s in scores:
        click.echo(
            f"{s.name}\t{s.n_segments}\tBLEU {s.bleu:.2f} ± {s.bleu_interval:.2f}"
            f"\tchrF {s.chrf:.2f} ± {s.chrf_interval:.2f}"
        )
    if scores:
        click.echo(f"{scores[0].bleu_signature}\n{scores[0].chrf_signature}")


if __name__ == "__main__":
    distill()
