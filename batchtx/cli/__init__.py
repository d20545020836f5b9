"""The command line: options → config → one library call → report. Commands load when they are used."""

from __future__ import annotations

import os
import signal
import sys

import click

from batchtx import __version__
from batchtx.cli.lazy import LazyGroup
from batchtx.cli.say import say
from batchtx.errors import BatchtxError, ConfigError, GlossaryError
from batchtx.messages import use_language

_LONGEST_SHOWN = 200
EXIT_USAGE = 2
EXIT_NOTHING_DONE = 3
EXIT_INTERRUPTED = 130

_COMMANDS = {
    "translate": "batchtx.cli.translate:translate",
    "apply": "batchtx.cli.apply:apply",
    "serve": "batchtx.cli.serve:serve",
    "verify": "batchtx.cli.verify:verify",
    "info": "batchtx.cli.info:info",
    "glossary": "batchtx.cli.glossary:glossary",
    "memory": "batchtx.cli.memory:memory",
    "models": "batchtx.cli.models:models",
    "makefile": "batchtx.cli.makefile:makefile",
    "completion": "batchtx.cli.completion:completion",
    "bench": "batchtx.cli.bench:bench",
    "distill": "batchtx.cli.distill:distill",
}

_EPILOG = """\b
Exit codes:
  0    all documents written
  1    written, but something failed or a flag reached --fail-on
  2    wrong usage or settings
  3    nothing could be done
  130  interrupted; the same command goes on where it stopped
"""


@click.group(
    cls=LazyGroup,
    commands_by_path=_COMMANDS,
    epilog=_EPILOG,
    context_settings={"max_content_width": 100},
)
@click.version_option(__version__, prog_name="batchtx")
def cli() -> None:
    """Translate documents in batches on an ordinary CPU, offline; Chinese to English first."""


def _open_closed_streams() -> None:
    """Put the null device where a shell has closed a stream (2>&-).

    Else the next file that is opened, the memory perhaps, would be standard error, and written into.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8")


def _shortened(where: str) -> str:
    return where if len(where) <= _LONGEST_SHOWN else f"{where[:_LONGEST_SHOWN]}…: "


def main() -> None:
    """Runs the command line: errors of the library become one line on stderr and an exit code."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    use_language()
    try:
        code = cli.main(prog_name="batchtx", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (ConfigError, GlossaryError) as error:
        say(f"batchtx: {error}", err=True)
        code = EXIT_USAGE
    except BatchtxError as error:
        say(f"batchtx: {error}", err=True)
        code = EXIT_NOTHING_DONE
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressing Ctrl-C again does not disturb the end
        say("batchtx: interrupted; run the same command again to go on", err=True)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    except OSError as error:  # what no part of the program foresaw: a path too long, a disk that broke
        where = (
            f"{os.fsencode(error.filename).decode('utf-8', 'backslashreplace')}: " if error.filename else ""
        )
        say(f"batchtx: {_shortened(where)}{error.strerror or error}", err=True)
        code = EXIT_NOTHING_DONE
    sys.exit(code if isinstance(code, int) else 0)
