"""How much may be taken for what others made: each bound is an error when it is reached, never a silent
cut.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, replace

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SIZE = re.compile(r"([0-9]{1,15})([KMGT]?)(?:i?B)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a run.

    ``time`` is how many seconds a task in the sandbox may take, ``memory`` how many bytes of address space.
    ``article`` is the most bytes in the text of an article, ``input`` in any other input, both after
    decompression, and ``small`` in what is small by its kind (the ``.toml`` beside an article, the text of a
    query); ``answer`` is the most bytes in the answer of a server.
    """

    time: float = 60.0
    memory: int = 4 * 2**30
    article: int = 64 * 2**20
    input: int = 16 * 2**30
    small: int = 2**20
    answer: int = 2**30


_current: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 (it is frozen)


def limits() -> Limits:
    """Return the bounds that hold now."""
    return _current.get()


def set_limits(**bounds: float | None) -> None:
    """Set some bounds, by the names that `Limits` has; None leaves one as it is."""
    given = {name: value for name, value in bounds.items() if value is not None}
    _current.set(replace(_current.get(), **given))  # type: ignore[arg-type]


def reset_limits() -> None:
    """Set all bounds to what they are by default."""
    _current.set(Limits())


def parse_size(text: str) -> int:
    """Return the bytes of a size: digits, and K, M, G or T for powers of 1024.

    >>> parse_size("512M"), parse_size("2GiB"), parse_size("100")
    (536870912, 2147483648, 100)

    Raises:
        ValueError: it is written otherwise, or is nothing.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise ValueError(f"no size: {text!r}")
    return int(found[1]) * _UNITS[found[2].upper()]


def size_text(count: int) -> str:
    """Return a number of bytes as people write it.

    >>> size_text(64 * 2**20), size_text(1500)
    ('64 MiB', '1500 bytes')
    """
    for unit in "TGMK":
        if count >= _UNITS[unit] and count % _UNITS[unit] == 0:
            return f"{count // _UNITS[unit]} {unit}iB"
    return f"{count} bytes"
