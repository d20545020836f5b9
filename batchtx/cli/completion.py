"""batchtx completion: what a shell needs to complete commands, options, files and names of models."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from batchtx.cli.commands import HelpfulCommand

_SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_BATCHTX_COMPLETE"


@click.command(cls=HelpfulCommand)
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, files and models.

    bash needs version 4.4 or newer.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    root = click.get_current_context().find_root()
    made = kind(root.command, {}, "batchtx", _VARIABLE)
    click.echo(made.source_template % made.source_vars())
