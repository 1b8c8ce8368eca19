"""Run the application, and turn whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from ..errors import LodkitError
from ..limits import reset_limits
from .app import app
from .options import domain_folder
from .terminal import LOUD, say, verbosity

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFECT = 70  # EX_SOFTWARE of sysexits.h
USAGE = 2
# Older typers use click, newer ones carry it; either way it is the second base of what typer gives out.
_ClickException: Any = typer.BadParameter.__mro__[2]


def run(arguments: Sequence[str]) -> int:
    """Run the command; errors go to standard error in one line each, with a traceback before it under
    ``-vv``.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    verbosity.set(0)
    reset_limits()
    domain_folder.set(None)
    with suppress(AttributeError):  # what stands in for a stream in tests cannot be told
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _reader_is_gone()
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        raise KeyboardInterrupt from None
    except Exception as error:
        return _explain(error)


def _invoke(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    if not arguments:
        with command.make_context("lodkit", ["--help"]):
            return 0
    with command.make_context("lodkit", list(arguments)) as context:
        return int(command.invoke(context) or 0)


def _reader_is_gone() -> int:
    """``lodkit query … | head`` is no error; what Python would still flush at exit goes nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _explain(error: Exception) -> int:
    if verbosity.get() >= LOUD:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, LodkitError):
        say(f"lodkit: error: {error}")
        return error.exit_code
    if isinstance(error, _ClickException):
        say(f"lodkit: error: {error.format_message()}{_where_to_look(error)}")
        return USAGE
    say(
        f"lodkit: error: a defect in lodkit, {type(error).__name__}: {error} (-vv shows where; please report it)"
    )
    return DEFECT


def _where_to_look(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f" (see {context.command_path} --help)" if context is not None else ""
