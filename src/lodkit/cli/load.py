"""``lodkit load``: RDF into a store, embedded or remote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from ..domain import read_domain
from ..errors import InputError, UsageError
from ..files import STANDARD, open_input
from ..load import check_claims, check_evidence, group_units, unpaired
from ..query import light_domain, ontology
from ..rdf import format_named, format_of
from .codes import PARTIAL
from .inputs import read_file
from .stores import check_target, loading
from .terminal import progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..load import Unit
    from ..rdf import Format
    from .connection import Connection


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: their format, where the extension does not tell it, and the graph of the triples
    that are in none.
    """

    origin: str | None = None
    default_graph: str | None = None


def load_files(
    files: Sequence[str],
    place: str,
    reading: Reading,
    connection: Connection,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Load files into a store and return the exit code.

    Raises:
        InputError: the only file cannot be read; of several, the bad ones are told and the others loaded.
        StoreError: the store is in use, not reached, or fails; what was loaded before stays.
        UsageError: a file's format is not known, or the options do not fit.
    """
    if reading.default_graph is not None:
        _check_graph(reading.default_graph)
    check_target(place, connection)
    sources = [(file, _format(file, reading.origin)) for file in files]
    unreadable = {file: error for file in files for error in _unreadable(file)}
    if len(unreadable) == len(set(files)):
        raise unreadable[files[0]]
    one = len(files) == 1
    vocabulary, domain = list(ontology(light_domain(folder))), partial(read_domain, folder)
    own = frozenset(getattr(quad.graph_name, "value", "") for quad in vocabulary)
    errors = list(unreadable.values())
    readable = [(file, form) for file, form in sources if file not in unreadable]
    with progress("Loading", None if one else len(files)) as advance:
        found = _good_units(readable, reading, own, errors, advance)
        first = next(found, None)  # nothing is written before something is there that can be
        if first is None and errors:
            return _nothing(errors)
        with loading(place, connection, vocabulary, domain) as load:
            load.errors = errors
            for file, unit in chain([first] if first else [], found):
                load.unpaired.update(unpaired(unit))
                load.add(unit, file=file)
    if as_json:
        put_json(load.as_json())
    else:
        load.tell()
    for error in load.errors:
        say(f"lodkit: error: {error}")
    return 0 if not load.errors else PARTIAL if load.outcomes else InputError.exit_code


def _format(file: str, origin: str | None) -> Format:
    if origin is not None:
        return format_named(origin)
    if file == STANDARD:
        raise UsageError("standard input has no extension", hint="say what it is with --from")
    try:
        return format_of(file)
    except UsageError as error:
        hint = "articles are loaded by lodkit build ARTICLE --into, RDF of another extension with --from"
        raise UsageError("is no RDF by its extension", file=file, hint=hint) from error


def _unreadable(file: str) -> Iterator[InputError]:
    """Yield why a file cannot be opened; it is read later."""
    try:
        with open_input(file):
            pass
    except InputError as error:
        yield error


def _check_graph(iri: str) -> None:
    try:
        any(parse(f"<{iri}> <x:p> <x:o> .", RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise UsageError(
            "--graph is no absolute IRI", file=iri, hint="such as https://example.org/graph"
        ) from error


def _nothing(errors: Sequence[InputError]) -> int:
    """Tell why nothing can be loaded; of one reason it is the command's error."""
    if len(errors) == 1:
        raise errors[0]
    for error in errors:
        say(f"lodkit: error: {error}")
    return InputError.exit_code


def _good_units(
    sources: Sequence[tuple[str, Format]],
    reading: Reading,
    own: frozenset[str],
    errors: list[InputError],
    advance: Callable[[], None],
) -> Iterator[tuple[str, Unit]]:
    """Yield the units of files, each with its file; what speaks for others, or contradicts itself, goes into
    ``errors``.
    """
    one = len(sources) == 1
    for file, form in sources:
        units = group_units(read_file(file, form), file=file, default_graph=reading.default_graph)
        try:
            for unit in units:
                if error := _fault(unit, own, file):
                    errors.append(error)
                else:
                    yield file, unit
                if one:
                    advance()
        except InputError as error:
            errors.append(error)
        if not one:
            advance()


def _fault(unit: Unit, own: frozenset[str], file: str) -> InputError | None:
    """What is wrong with a unit, or None."""
    try:
        check_claims(unit, own)
        check_evidence(unit)
    except InputError as error:
        return InputError(error.message, file=file, term=error.term, hint=error.hint)
    return None
