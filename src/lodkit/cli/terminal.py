"""What all commands print with: messages on standard error, data on standard output, a progress bar where
there is a terminal.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, BinaryIO, TextIO

from ..files import STANDARD, open_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DETAILED, LOUD = 1, 2
"""How often ``-v`` is given to get details, and to get tracebacks."""

verbosity: ContextVar[int] = ContextVar("verbosity", default=0)

_LONGEST_MESSAGE = 1000
_WIDEST = 4096
_COLOR = re.compile("(\x1b\\[(?:0|1;3[0-7])m)")  # what the reports of lodkit.validate are colored with


def say(message: str) -> None:
    """Write one line to standard error; what would steer a terminal is written as an escape.

    That nobody can read messages (the stream is closed, its disk is full) changes nothing else.
    """
    line = visible(message, kept="")
    put((line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…") + "\n", as_message=True)


def put(text: str, *, as_message: bool = False, as_json: bool = False, styled: bool = False) -> None:
    """Write text to standard output, or ``as_message`` to standard error; a terminal gets it as `visible`
    text.

    ``styled`` text has colors of lodkit's own and no other sequences: whoever made it has seen to that.
    """
    stream = sys.stderr if as_message else sys.stdout
    if is_screen(stream):
        parts = _COLOR.split(text) if styled else [text]  # colors stand at odd places
        text = "".join(part if at % 2 else visible(part, as_json=as_json) for at, part in enumerate(parts))
    if not as_message:
        with _named():
            stream.write(text)
        return
    with suppress(OSError, ValueError, AttributeError):  # AttributeError: there is no such stream
        stream.write(text)


def flush() -> None:
    """Write out what standard output still holds."""
    with _named():
        sys.stdout.flush()


@contextmanager
def _named() -> Iterator[None]:
    """The system does not say of which stream an error is."""
    try:
        yield
    except OSError as error:
        error.filename = "standard output"
        raise


def put_json(value: object, *, as_message: bool = False) -> None:
    """Write a value as JSON, to standard output or ``as_message`` to standard error."""
    import json

    put(json.dumps(value, ensure_ascii=False, indent=2) + "\n", as_message=as_message, as_json=True)


def visible(text: str, *, kept: str = "\n\t", as_json: bool = False) -> str:
    """Return text with escapes for what would steer a terminal or hide in it: control, formatting and
    separating characters but those that are ``kept``.

    >>> print(visible("a\\x1b[31m b\\u202e"))
    a\\x1b[31m b\\u202e
    """
    if text.isprintable():
        return text
    return "".join(
        char if char in kept or char.isprintable() or not _steers(char) else _escaped(char, as_json)
        for char in text.replace("\r\n", "\n" if "\n" in kept else "\r\n")
    )


def _steers(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escaped(char: str, as_json: bool) -> str:
    """As Python writes it, or as JSON takes it (RFC 8259 §7: two escapes beyond U+FFFF)."""
    if not as_json:
        return repr(char)[1:-1]
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


@contextmanager
def open_target(target: Path | str, *, as_json: bool = False, follow: bool = True) -> Iterator[BinaryIO]:
    """Open a file for writing bytes as `lodkit.files.open_output` does; what goes to a terminal is `put`.

    Raises:
        StoreError: the target cannot be written.
    """
    if str(target) != STANDARD or not is_screen(sys.stdout):
        with open_output(target, follow=follow) as stream:
            yield stream
        return
    import io

    shown = io.BytesIO()
    yield shown
    put(shown.getvalue().decode("utf-8", "surrogateescape"), as_json=as_json)


def is_screen(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal of any kind."""
    with suppress(OSError, ValueError, AttributeError):  # closed, or there is none
        return stream is not None and stream.isatty()
    return False


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that can do more than print."""
    return is_screen(stream) and os.environ.get("TERM") != "dumb"


def has_color(stream: TextIO | None) -> bool:
    """Tell whether a stream takes colors (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def width() -> int:
    """Return the terminal's columns, 80 where there is none; ``COLUMNS`` sets them, within reason."""
    return min(max(shutil.get_terminal_size(fallback=(80, 24)).columns, 20), _WIDEST)


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
