"""What all commands print with: messages on standard error, data on standard output, a progress bar where
there is a terminal.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOT_CONFORMING, PARTIAL = 1, 5
"""Exit codes of runs that end without an error (DESIGN §6)."""

DETAILED, LOUD = 1, 2
"""How often ``-v`` is given to get details, and to get tracebacks."""

verbosity: ContextVar[int] = ContextVar("verbosity", default=0)

_LONGEST_MESSAGE = 1000


def say(message: str) -> None:
    """Write one line to standard error; what would steer a terminal is written as an escape."""
    line = "".join(char if char.isprintable() else repr(char)[1:-1] for char in message)
    print(line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…", file=sys.stderr)


def put(text: str) -> None:
    """Write text to standard output."""
    sys.stdout.write(text)


def put_json(value: object, *, stream: TextIO | None = None) -> None:
    """Write a value as JSON, to standard output unless another stream is given."""
    import json

    (stream or sys.stdout).write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that can do more than print."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def has_color(stream: TextIO) -> bool:
    """Tell whether a stream takes colors (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width() -> int:
    """Return the terminal's columns, 80 where there is none; ``COLUMNS`` sets them."""
    return max(shutil.get_terminal_size(fallback=(80, 24)).columns, 20)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error while more than one thing, or (None) nobody knows how many, is done; what
    is given counts one.
    """
    if total in (0, 1) or not is_terminal(sys.stderr):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=not has_color(sys.stderr))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def number(count: int, noun: str) -> str:
    """Return a count with its noun, which takes an *s* in the plural."""
    return f"{count} {noun}{'s' * (count != 1)}"
