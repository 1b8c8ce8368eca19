"""What reading RDF brings besides quads: prefixes, what was left out because it is bad, and what JSON-LD
drops.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph

from ..errors import InputError, LimitError
from ..worker.nesting import LINES, NestingGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyoxigraph import Quad, RdfFormat

MOST_KEPT = 20
"""How many of the errors that were passed over are kept; all are counted."""

_SUBJECT_AND_PREDICATE = re.compile(r"(<[^>]*>|_:\S+) (<[^>]*>)")
_PIECE = 1 << 16  # bytes of whole lines that are parsed at a time
_LONGEST_LINE = 1 << 24  # bytes; the engine's own bound of a term


@dataclass(slots=True)
class Reading:
    """How data are read and what came of it; once all quads have come, it is complete.

    With ``skips_bad`` lines and terms that are no RDF are left out, else the first of them is an error:
    ``bad`` counts them and ``errors`` has the first. ``dropped`` counts what a processor of JSON-LD leaves
    out by its specification, by what it is and its name.
    """

    skips_bad: bool = False
    prefixes: dict[str, str] = field(default_factory=dict)
    bad: int = 0
    errors: list[InputError] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def skip(self, error: InputError) -> None:
        """Count what was bad, and keep the first."""
        self.bad += 1
        if len(self.errors) < MOST_KEPT:
            self.errors.append(error)


def what_is_dropped(triple: str) -> str:
    """Return what a processor of JSON-LD drops with a triple (JSON-LD 1.1 API §8.1.2): a property that is no
    term of the context, or a node or value with a term that RDF does not have.

    >>> what_is_dropped('<x:a> <colour> "red"')
    'the property colour'
    """
    found = _SUBJECT_AND_PREDICATE.match(triple)
    predicate = found[2] if found else ""
    is_relative = predicate != "" and ":" not in predicate.split("/", 1)[0]
    return f"the property {predicate[1:-1]}" if is_relative else f"what has a bad term: {triple}"


def good_lines(stream: Any, form: RdfFormat, skip: Callable[[str, int, bytes], None]) -> Iterator[Quad]:
    """Yield the quads of N-Triples or N-Quads; each line that is none is given to ``skip``, with what is
    wrong and its number from 1.
    """
    number = 1
    for piece in _whole_lines(stream):
        try:
            yield from _parsed(piece, form)
        except (SyntaxError, LimitError, MemoryError):
            yield from _one_by_one(piece, form, number, skip)
        number += piece.count(b"\n")


def _parsed(piece: bytes, form: RdfFormat) -> list[Quad]:
    return list(pyoxigraph.parse(NestingGuard(io.BytesIO(piece), LINES), form))  # type: ignore[arg-type]


def _one_by_one(
    piece: bytes, form: RdfFormat, number: int, skip: Callable[[str, int, bytes], None]
) -> Iterator[Quad]:
    for line in piece.splitlines(keepends=True):
        try:
            yield from _parsed(line, form)
        except SyntaxError as error:
            skip(str(error.msg or error), number, line)
        except LimitError as error:
            skip(error.message, number, line)
        except MemoryError:
            skip("a term is longer than 16 MiB", number, line)
        number += line.endswith(b"\n")


def _whole_lines(stream: Any) -> Iterator[bytes]:
    """Yield pieces that end where a line does; a line that is too long for the engine comes in parts."""
    carried = b""
    while piece := stream.read(_PIECE):
        carried += piece
        end = carried.rfind(b"\n") + 1
        if end or len(carried) > _LONGEST_LINE:
            yield carried[: end or len(carried)]
            carried = carried[end or len(carried) :]
    if carried:
        yield carried
