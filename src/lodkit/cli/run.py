"""Run the application, and turn whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import typer

from ..cache import use_cache
from ..errors import UsageError
from ..limits import reset_limits
from .app import app
from .codes import DONE, PARTIAL
from .failures import explain
from .options import base_iri, domain_folder, skips_bad, was_skipped
from .process import divert
from .terminal import flush, verbosity

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run the command; errors go to standard error in one line each, with a traceback before it under
    ``-vv``.

    Raises:
        KeyboardInterrupt: the user or a signal stopped it.
    """
    verbosity.set(0)
    reset_limits()
    domain_folder.set(None)
    base_iri.set(None)
    skips_bad.set(False)
    was_skipped.set(False)
    use_cache(True)
    with suppress(AttributeError):  # what stands in for a stream in tests cannot be told
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _refuse_unusable(arguments)
        code = _invoke(arguments)
        flush()
        return code or (PARTIAL if was_skipped.get() else DONE)
    except BrokenPipeError:  # ``lodkit query … | head`` is no error
        divert(sys.stdout)
        return 0
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (typer.Abort, KeyboardInterrupt) as stop:
        raise stop if isinstance(stop, KeyboardInterrupt) else KeyboardInterrupt from None
    except Exception as error:
        return explain(error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the engine; it is no Exception
            raise
        return explain(error)


def _refuse_unusable(arguments: Sequence[str]) -> None:
    """An empty name would mean the current folder; a NUL no system passes on, but other code may."""
    for argument in arguments:
        if not argument:
            raise UsageError("an argument is empty", hint="is a variable not set?")
        if "\0" in argument:
            raise UsageError("an argument holds a NUL", hint="take it out")


@cache
def _command() -> typer.core.TyperGroup:
    """The application as parsed options see it: making it takes longer than most of what it is asked."""
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    return command


_COMPLETING = "_LODKIT_COMPLETE"
"""What a shell sets that asks for the words that may come next."""


def _invoke(arguments: Sequence[str]) -> int:
    command = _command()
    if _COMPLETING in os.environ:
        command.main(list(arguments), "lodkit", _COMPLETING)
    if not arguments:
        with command.make_context("lodkit", ["--help"]):
            return 0
    with command.make_context("lodkit", list(arguments)) as context:
        return int(command.invoke(context) or 0)
