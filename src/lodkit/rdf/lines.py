"""Quads as sorted lines of canonical N-Quads, however many there are."""

from __future__ import annotations

from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from typing import TYPE_CHECKING, BinaryIO, cast

import pyoxigraph
from pyoxigraph import RdfFormat

from ..errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UNTAGGED = (f'"^^<{_RDF}langString>'.encode(), f'"^^<{_RDF}dirLangString>'.encode())

MOST_HELD = 500_000
"""How many lines are sorted in memory; more go through temporary files."""


def quad_lines(quads: Iterable[Quad]) -> list[str]:
    """Return quads as lines of canonical N-Quads (RDF 1.2 N-Quads §4), each once, sorted by code point.

    Raises:
        InputError: a literal has no language but the datatype of those that have one, which JSON-LD and
            RDF/XML can say and nothing reads (RDF 1.1 §3.3).
    """
    return [line.decode() for line in encoded_lines(quads)]


def encoded_lines(quads: Iterable[Quad]) -> list[bytes]:
    """Return quads as `quad_lines` gives them, in UTF-8: the order of its bytes is that of code points.

    Lines mostly come in order. Sorting makes use of that; to make a set of them would undo it.
    """
    lines = _serialized(quads).split(b"\n")[:-1]
    lines.sort()
    return [line for line, _ in groupby(lines)]


def sorted_lines(quads: Iterable[Quad], *, most_held: int = MOST_HELD) -> Iterator[bytes]:
    """Yield quads as `quad_lines` gives them, in UTF-8 and without line ends, a bounded number of them in
    memory.
    """
    quads = iter(quads)
    held = encoded_lines(islice(quads, most_held))
    following = next(quads, None)
    if following is None:
        yield from held
        return
    with ExitStack() as stack:
        runs = [_run(held, stack)]
        del held
        while following is not None:
            part = encoded_lines((following, *islice(quads, most_held - 1)))
            runs.append(_run(part, stack))
            following = next(quads, None)
        before = b""
        for line in merge(*runs):
            if line != before:
                yield line[:-1]
            before = line


def _serialized(quads: Iterable[Quad]) -> bytes:
    data = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    if any(ending in data for ending in _UNTAGGED):
        _refuse_untagged(data.split(b"\n"))
    return data


def _refuse_untagged(lines: Iterable[bytes]) -> None:
    for line in sorted(lines):
        try:
            any(pyoxigraph.parse(line, RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise InputError(
                "a text with the datatype of tagged texts and no language cannot be written",
                term=line.decode(),
                hint="give it a language, or another datatype",
            ) from error


def _run(lines: list[bytes], stack: ExitStack) -> BinaryIO:
    """A temporary file, without a name, of sorted lines."""
    import tempfile

    file = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile()))  # noqa: SIM115
    file.writelines(line + b"\n" for line in lines)
    file.seek(0)
    return file
