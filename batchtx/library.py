"""batchtx for Python programs: texts and files, with the functions of the command line.

    import batchtx
    batchtx.translate("请在三十日内付款。")                   # "Please pay within 30 days."
    with batchtx.Translator(glossary=["terms.csv"]) as t:
        for one in t.translate(["甲方", "乙方应付款。"]):
            print(one.target, one.score, one.flags)
        t.translate_files(["docs/"], output="out/")
    report = batchtx.translate_files(["docs/"], output="out/")

The names are in the package itself and are loaded when they are asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, overload

from batchtx.config import available_cores, default_memory
from batchtx.engines.spec import DEFAULT_ENGINE, DEFAULT_MODEL, EngineSpec
from batchtx.errors import ConfigError
from batchtx.executors import DEFAULT_EXECUTOR, IN_PROCESS, build_executor
from batchtx.formats import built_in_formats, read_choices
from batchtx.glossary.shipped import find_glossary
from batchtx.language import DEFAULT_SOURCE, DEFAULT_TARGET
from batchtx.language.pair import find_pair
from batchtx.memory.store import Store
from batchtx.pipeline.apply import ApplyOptions, apply_sheets
from batchtx.pipeline.options import TranslateOptions
from batchtx.pipeline.run import ProgressListener, translate_documents
from batchtx.pipeline.setup import make_ready, open_store, set_up, side_files
from batchtx.pipeline.silent import Silent
from batchtx.pipeline.texts import TextTranslator, TranslatedText
from batchtx.records import GlossaryMode
from batchtx.registry import unknown_message
from batchtx.report.report import Report
from batchtx.report.save import save_report
from batchtx.review.apply_report import Applied

if TYPE_CHECKING:
    from batchtx.formats.audit import Audit

StrPath = str | Path

_ENGINE_KEYS = ("quantize", "compute_type", "max_batch", "source_language", "target_language")
_PLACES = ("output", "memory", "sheet")
_NOT_FOR_PROGRAMS = {"inputs", "formats", "stdin", "stdout"}


class Translator:
    """Translates texts with one model and glossary; a context manager, safe to share between threads.

    Up to about 200 sentences are translated in this process, more of them in `workers` processes.

    Args:
        model: a name (`batchtx models list`) or a folder.
        glossary: files of terms, the first one wins.
        workers: processes for many sentences; None: one for each core, 0: always this process alone.
        engine: ctranslate2, torch, echo, pseudo, or an installed one.
        beam_size: 1 is fastest, 4 translates better.
        glossary_mode: as --glossary-mode.
        domains: as --domain.
        memory: a memory that corrections and finished sentences are looked up in and kept; None: none.

    Raises:
        ConfigError, ModelError, GlossaryError: something that is named is not there.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        glossary: Iterable[StrPath] = (),
        workers: int | None = None,
        engine: str = DEFAULT_ENGINE,
        beam_size: int = 4,
        glossary_mode: GlossaryMode = "require",
        domains: Iterable[str] = (),
        memory: StrPath | None = None,
        source_language: str = "",
        target_language: str = "",
    ) -> None:
        spec = EngineSpec(
            engine,
            model,
            beam_size=beam_size,
            source_language=source_language,
            target_language=target_language,
        )
        options = TranslateOptions(
            (),
            engine=spec,
            glossaries=_glossaries(glossary),
            domains=tuple(domains),
            glossary_mode=glossary_mode,
        )
        ready = make_ready(options)
        n_workers = available_cores() if workers is None else workers
        self._for_files = {"memory": memory, **_file_settings(options, n_workers)}
        executor = (
            build_executor(DEFAULT_EXECUTOR, n_workers, options.worker_timeout_s) if n_workers else None
        )
        self._lock = threading.Lock()
        self._closed = False
        self._store = Store(None if memory is None else Path(memory), any_thread=True)
        self._texts = TextTranslator(ready, self._store, executor)

    @overload
    def translate(self, texts: str) -> TranslatedText: ...  # type: ignore[overload-overlap]

    @overload
    def translate(self, texts: Sequence[str]) -> list[TranslatedText]: ...

    def translate(self, texts: str | Sequence[str]) -> TranslatedText | list[TranslatedText]:
        """Translates a text, or texts in order; each may have many sentences and lines.

        Raises:
            EngineError: the model cannot be loaded, or a script without a guard started itself again.
            TypeError: something is no text.
            ValueError: the translator is closed.
        """
        wanted = [texts] if isinstance(texts, str) else list(texts)
        for number, text in enumerate(wanted, 1):
            if not isinstance(text, str):
                raise TypeError(f"text {number} is no str: {text!r:.40}; decode bytes before")
        with self._lock:
            if self._closed:
                raise ValueError("this Translator is closed; make another one")
            done = self._texts.translate(wanted)
        return done[0] if isinstance(texts, str) else done

    def translate_files(
        self,
        inputs: StrPath | Iterable[StrPath],
        output: StrPath | None = None,
        *,
        reports: Iterable[StrPath] = (),
        listener: ProgressListener | None = None,
        **options: Any,
    ) -> Report:
        """Translates files and folders with the settings of this translator; see `translate_files`.

        The memory is the one of this translator; where it has none, the project's.

        Raises:
            ConfigError: an input is not there, or there is no such option.
            ValueError: the translator is closed.
        """
        if self._closed:
            raise ValueError("this Translator is closed; make another one")
        return translate_files(
            inputs, output, reports=reports, listener=listener, **{**self._for_files, **options}
        )

    def close(self) -> None:
        """Closes the memory; the model goes with the object."""
        with self._lock:
            self._closed = True
            self._store.close()

    def __enter__(self) -> Translator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@overload
def translate(  # type: ignore[overload-overlap]
    text: str, *, model: str = ..., glossary: Iterable[StrPath] = ...
) -> str: ...


@overload
def translate(text: Sequence[str], *, model: str = ..., glossary: Iterable[StrPath] = ...) -> list[str]: ...


def translate(
    text: str | Sequence[str], *, model: str = DEFAULT_MODEL, glossary: Iterable[StrPath] = ()
) -> str | list[str]:
    """Translates a text, or texts in order, in this process; the model stays loaded for the next call.

    Raises:
        ConfigError, ModelError, GlossaryError: something that is named is not there.
    """
    done = _shared(model, _glossaries(glossary)).translate([text] if isinstance(text, str) else text)
    return done[0].target if isinstance(text, str) else [one.target for one in done]


def translate_files(
    inputs: StrPath | Iterable[StrPath],
    output: StrPath | None = None,
    *,
    model: str = DEFAULT_MODEL,
    engine: str = DEFAULT_ENGINE,
    beam_size: int = 4,
    glossary: Iterable[StrPath] = (),
    memory: StrPath | None = None,
    reports: Iterable[StrPath] = (),
    listener: ProgressListener | None = None,
    **options: Any,
) -> Report:
    """Translates files and folders as `batchtx translate` does, and returns its report.

    Args:
        inputs: files and folders; their output None: beside them.
        memory: None: the project's, from the working folder upwards.
        listener: is told of each segment and document.
        options: further fields of `pipeline.options.TranslateOptions`, or of a format (docs/library.md).

    Raises:
        ConfigError, ModelError, GlossaryError: something that is named is not there, or no such option.
    """
    spec = EngineSpec(engine, model, beam_size=beam_size, **_taken(options, _ENGINE_KEYS))
    own: dict[str, Any] = _taken(options, set(TranslateOptions.__dataclass_fields__) - _NOT_FOR_PROGRAMS)
    own |= {"output": output, "memory": memory}
    own |= {name: Path(own[name]) for name in _PLACES if own.get(name) is not None}
    whole = TranslateOptions(
        inputs=tuple(str(one) for one in ([inputs] if isinstance(inputs, str | Path) else inputs)),
        formats=read_choices(_format_settings(options)),
        engine=spec,
        glossaries=_glossaries(glossary),
        reports=_paths(reports),
        **own,
    )
    whole = side_files(whole, Path.cwd())
    run, plan = set_up(whole)
    with open_store(whole, Path.cwd()) as store:
        report = translate_documents(run, plan.jobs, store, listener or Silent())
    report.notes[:0] = plan.notes
    for path in whole.reports:
        save_report(report, path)
    return report


def apply(
    sheets: StrPath | Iterable[StrPath],
    *,
    output: StrPath | None = None,
    memory: StrPath | None = None,
    reviewer: str = "",
    strict: bool = False,
    force: bool = False,
) -> Applied:
    """Puts the corrections of review sheets into their documents and the memory, as `batchtx apply` does.

    Raises:
        ConfigError: there is no memory.
        SheetError: a file is no sheet.
    """
    path = Path(memory) if memory is not None else default_memory(Path.cwd())
    if not path.exists():
        raise ConfigError(f"{path}: no such memory; name the one of the run")
    options = ApplyOptions(None if output is None else Path(output), reviewer, strict, force)
    with Store(path) as store:
        return apply_sheets(_paths(sheets), store, options, Silent())


def verify(
    original: StrPath,
    translated: StrPath,
    *,
    source_language: str = DEFAULT_SOURCE,
    target_language: str = DEFAULT_TARGET,
    **settings: Any,
) -> list[Audit]:
    """Compares documents with their translations (two files or two folders), as `batchtx verify` does.

    Raises:
        ConfigError: one of them is missing, or one is a file and the other a folder.
    """
    from batchtx.formats.verification import audit_pair, document_pairs

    choices, pair = read_choices(_format_settings(settings)), find_pair(source_language, target_language)
    pairs = document_pairs(Path(original), Path(translated))
    return [audit_pair(one, other, choices, pair) for one, other in pairs]


def _paths(names: StrPath | Iterable[StrPath]) -> tuple[Path, ...]:
    return tuple(Path(one) for one in ([names] if isinstance(names, str | Path) else names))


def _glossaries(names: StrPath | Iterable[StrPath]) -> tuple[Path, ...]:
    """Files, and glossaries that come with batchtx by name."""
    return tuple(map(find_glossary, _paths(names)))


@lru_cache(maxsize=4)
def _shared(model: str, glossary: tuple[Path, ...]) -> Translator:
    return Translator(model, glossary=glossary, workers=0)


def _file_settings(options: TranslateOptions, n_workers: int) -> dict[str, Any]:
    """What `translate_files` is told so that it does as these options say."""
    spec = options.engine
    return {
        **{name: getattr(spec, name) for name in ("engine", "model", "beam_size", *_ENGINE_KEYS)},
        "glossary": options.glossaries,
        "domains": options.domains,
        "glossary_mode": options.glossary_mode,
        "workers": n_workers or None,
        "executor": DEFAULT_EXECUTOR if n_workers else IN_PROCESS,
    }


def _taken(options: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Takes these names out of the options."""
    return {name: options.pop(name) for name in list(options) if name in set(names)}


def _format_settings(given: dict[str, Any]) -> dict[str, Any]:
    """The settings of all formats: what is given over their defaults.

    Raises:
        ConfigError: no format has a setting of that name.
    """
    settings = [one for kind in built_in_formats() for one in kind.settings]
    known: dict[str, Any] = {
        one.name: False if one.flag else () if one.multiple and one.default is None else one.default
        for one in settings
    }
    for name in given:
        if name not in known:
            fields = TranslateOptions.__dataclass_fields__
            raise ConfigError(unknown_message("option", name, [*fields, *known]))
    return known | given
