"""The command line: arguments in, text and exit code out. This module is all that ``lodkit --version``
loads.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

    app: typer.Typer

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the arguments given, or as a process with those of the process, and return the
    exit code.

    Only as a process it sees to standard streams and signals; called by other code it leaves them alone.
    """
    if arguments is not None:
        return _answer(list(arguments))
    try:
        from .process import run_as_process

        return run_as_process(partial(_answer, sys.argv[1:]))
    except KeyboardInterrupt as stop:  # before the streams are there, or after the last word
        return _ended(stop)


def _answer(arguments: Sequence[str]) -> int:
    try:
        if arguments[:1] == ["--version"]:
            sys.stdout.write(f"lodkit {__version__}\n")
            return 0
        from .run import run

        return run(arguments)
    except KeyboardInterrupt as stop:
        return _ended(stop)


def _ended(stop: KeyboardInterrupt) -> int:
    from .process import ended_code, ended_words
    from .terminal import say

    say(ended_words(stop))
    return ended_code(stop)


def __getattr__(name: str) -> Any:
    """Load the application when it is asked for (PEP 562)."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .app import app

    return app
