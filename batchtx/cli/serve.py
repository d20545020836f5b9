"""batchtx serve: the page and the REST API."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from batchtx.cli.format_settings import setting_options
from batchtx.cli.run_options import (
    domain_option,
    engine_option,
    engine_spec,
    glossary_mode_option,
    glossary_option,
    model_option,
    quantize_option,
    worker_timeout_option,
)
from batchtx.cli.say import say
from batchtx.cli.settings import SettingsCommand
from batchtx.cli.translate import translate
from batchtx.config import STATE_FOLDER, project_folder
from batchtx.errors import ConfigError

if TYPE_CHECKING:
    from batchtx.service.limits import ServiceLimits
    from batchtx.service.settings import ServiceSettings

_FILE = click.Path(path_type=Path)
_MIB = 1024 * 1024
_NEEDS = ("starlette", "uvicorn", "python_multipart")


@click.command(
    cls=SettingsCommand, section="serve", shares=translate, context_settings={"show_default": True}
)
@click.option("--host", default="127.0.0.1", help="Address to serve; other than loopback needs --api-key.")
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=5000, help="Port; 0 takes a free one.")
@click.option("--api-key", multiple=True, help="A key that clients must tell; may be repeated.")
@click.option(
    "--cors", multiple=True, help="Let pages of this origin ask (https://example.org); may be repeated."
)
@click.option(
    "--host-name", multiple=True, help="Further name that the service is reached under; may be repeated."
)
@click.option(
    "--data",
    type=_FILE,
    help="Folder for memory, documents and their translations.  [default: .batchtx/service of the project]",
)
@glossary_option
@glossary_mode_option
@click.option("--edit-glossaries", is_flag=True, help="Let clients save the glossaries.")
@click.option("--suggestions", is_flag=True, help="Take corrections of clients (/suggest) into the memory.")
@click.option("--rules", default="all", help="What has its English from rules; see batchtx translate.")
@domain_option
@click.option(
    "-j", "--workers", type=click.IntRange(1, 512), help="Processes for documents.  [default: physical cores]"
)
@engine_option
@model_option
@click.option("--beam-size", type=click.IntRange(1, 16), default=4, help="Width of the search.")
@click.option("--source-language", default="", help="Of the texts: zh, ja, en …  [default: the model's]")
@click.option("--target-language", default="", help="To translate into.  [default: the model's]")
@quantize_option
@click.option("--memory", type=_FILE, help="Translation memory.  [default: memory.sqlite in --data]")
@worker_timeout_option
@click.option(
    "--speech-model", type=_FILE, help="Folder of a Whisper model (CTranslate2): voice on the page."
)
@click.option("--max-chars", type=click.IntRange(1), default=20_000, help="Characters of a request.")
@click.option("--max-upload", type=click.IntRange(1), default=100, help="MB of a document.")
@click.option("--max-jobs", type=click.IntRange(1), default=100, help="Documents that wait or are worked on.")
@click.option("--max-disk", type=click.IntRange(1), default=10_000, help="MB of all documents and results.")
@click.option("--max-waiting", type=click.IntRange(1), default=512, help="Requests that wait.")
@click.option("--timeout", type=click.FloatRange(1), default=300.0, help="Seconds that a text may wait.")
@click.option(
    "--slow-client",
    type=click.FloatRange(0.1),
    default=30.0,
    help="Seconds until a request that does not come is given up.",
)
@click.option(
    "--ttl", type=click.FloatRange(0.001), default=24.0, help="Hours until a finished document is removed."
)
@click.option(
    "--running-jobs", type=click.IntRange(1, 64), default=4, help="Documents that are worked on side by side."
)
@setting_options()
@click.option("-v", "--verbose", is_flag=True, help="The log; texts of clients are never in it.")
def serve(**values: Any) -> None:
    """Serve the page and the REST API: texts, documents, glossaries.

    The page is at the address that is printed; programs ask as they would ask LibreTranslate or DeepL
    (docs/service.md). Every option can also stand in batchtx.toml, those of this command alone in its table
    [serve] (port = 5000) or in a variable (BATCHTX_SERVE_PORT=5000).
    """
    missing = [name for name in _NEEDS if find_spec(name) is None]
    if missing:
        raise ConfigError(f"the service needs {', '.join(missing)}: pip install 'batchtx[service]'")
    from batchtx.service.server import run_service

    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if values["verbose"] else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        run_service(_settings(values), _tell)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in cli.main
    say("batchtx: the service has ended; documents that wait go on at its next start", err=True)


def _settings(values: dict[str, Any]) -> ServiceSettings:
    """The values of the command line as a typed record."""
    from batchtx.formats import read_choices
    from batchtx.pipeline.options import TranslateOptions
    from batchtx.service.settings import ServiceSettings

    options = TranslateOptions(
        inputs=(),
        formats=read_choices(values),
        engine=engine_spec(values),
        workers=values["workers"],
        worker_timeout_s=values["worker_timeout"],
        glossaries=values["glossary"],
        domains=values["domain"],
        glossary_mode=values["glossary_mode"],
        rules=values["rules"],
        memory=values["memory"],
    )
    return ServiceSettings(
        options=options,
        data=values["data"] or project_folder(Path.cwd()) / STATE_FOLDER / "service",
        host=values["host"],
        port=values["port"],
        keys=values["api_key"],
        origins=values["cors"],
        hosts=values["host_name"],
        limits=_limits(values),
        suggestions=values["suggestions"],
        edit_glossaries=values["edit_glossaries"],
        speech_model=values["speech_model"],
        running_jobs=values["running_jobs"],
    )


def _limits(values: dict[str, Any]) -> ServiceLimits:
    from batchtx.service.limits import ServiceLimits

    return ServiceLimits(
        text_chars=values["max_chars"],
        upload_bytes=values["max_upload"] * _MIB,
        jobs=values["max_jobs"],
        disk_bytes=values["max_disk"] * _MIB,
        waiting=values["max_waiting"],
        request_s=values["timeout"],
        head_s=values["slow_client"],
        body_s=values["slow_client"],
        ttl_s=values["ttl"] * 3600,
    )


def _tell(address: str) -> None:
    say(f"batchtx: serving {address} (Ctrl-C ends it)", err=True)


def _interrupt(number: int, frame: object) -> NoReturn:
    """A polite kill is an interruption."""
    raise KeyboardInterrupt
