"""The command line: arguments in, text and exit code out. This module is all that ``lodkit --version`` loads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .. import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

    app: typer.Typer

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the arguments of the process, or those given, and return its exit code (DESIGN
    §6).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["--version"]:
            print(f"lodkit {__version__}")
            return 0
        from .run import run

        return run(given)
    except KeyboardInterrupt:
        print("lodkit: interrupted", file=sys.stderr)
        return 130


def __getattr__(name: str) -> Any:
    """Load the application when it is asked for (PEP 562)."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .app import app

    return app
