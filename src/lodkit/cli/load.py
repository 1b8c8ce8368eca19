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
from ..load import (
    DEFAULT_GRAPH,
    Loose,
    check_claims,
    check_evidence,
    check_places,
    group_units,
    make_unit,
    unpaired,
)
from ..query import light_domain, ontology
from ..rdf import format_named, format_of, numbered
from .codes import PARTIAL
from .inputs import each_once, files_in, read_file
from .stores import check_target, loading
from .terminal import number, progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..load import Unit
    from ..rdf import Format
    from .connection import Connection


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: their format, where the extension does not tell it, and the graph of the triples
    that are in none; `DEFAULT` is the default graph of the store.
    """

    origin: str | None = None
    graph: str | None = None

    @property
    def graph_name(self) -> str | None:
        """The name that units have for the graph."""
        return DEFAULT_GRAPH if self.graph == DEFAULT else self.graph


DEFAULT = "default"
"""What the user calls the default graph; SPARQL 1.1 Update has it as a keyword (§3.2.2)."""


@dataclass(slots=True)
class Sources:
    """The files to load, each with its format, and what is wrong with others; triples that belong to no
    article, of all files, are put aside in ``loose``.
    """

    files: list[tuple[str, Format]]
    errors: list[InputError]
    loose: Loose | None = None


def load_files(
    places: Sequence[str],
    store: str,
    reading: Reading,
    connection: Connection,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Load files and folders of them into a store and return the exit code.

    Raises:
        InputError: the only file cannot be read; of several, the bad ones are told and the others loaded.
        StoreError: the store is in use, not reached, or fails; what was loaded before stays.
        UsageError: a file's format is not known, or the options do not fit.
    """
    if reading.graph not in (None, DEFAULT):
        _check_graph(str(reading.graph))
    check_target(store, connection)
    sources = _sources(places, reading)
    vocabulary, domain = list(ontology(light_domain(folder))), partial(read_domain, folder)
    own = frozenset(getattr(quad.graph_name, "value", "") for quad in vocabulary)
    brought = vocabulary if connection.ontology else []
    with progress("Loading", None if len(sources.files) == 1 else len(sources.files)) as advance:
        found = _good_units(sources, own, advance)
        first = next(found, None)  # nothing is written before something is there that can be
        if first is None and sources.errors:
            return _nothing(sources.errors)
        is_default = reading.graph == DEFAULT
        with loading(store, connection, brought, domain, into_default_graph=is_default) as load:
            load.errors = sources.errors
            for file, unit in chain([first] if first else [], found):
                load.unpaired.update(unpaired(unit))
                if sources.errors and unit.name == reading.graph_name:
                    load.loading.partial.add(unit.name)
                load.add(unit, file=file)
    if as_json:
        put_json(load.as_json())
    else:
        load.tell()
    for error in load.errors:
        say(f"lodkit: error: {error}")
    return 0 if not load.errors else PARTIAL if load.outcomes else InputError.exit_code


def _sources(places: Sequence[str], reading: Reading) -> Sources:
    """Find the files that can be opened; they are read later."""
    files: list[str] = []
    errors: list[InputError] = []
    for place in places:
        try:
            files += files_in(place)
        except InputError as error:
            errors.append(error)
    unreadable = {file: error for file in each_once(files) for error in _unreadable(file)}
    errors += unreadable.values()
    readable = [file for file in each_once(files) if file not in unreadable]
    if not readable:
        raise errors[0]
    formats = [(file, _format(file, reading.origin)) for file in readable]
    return Sources(formats, errors, Loose(reading.graph_name) if reading.graph_name else None)


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
            "--graph is no absolute IRI",
            file=iri,
            hint="such as https://example.org/graph, or default for the store's default graph",
        ) from error


def _nothing(errors: Sequence[InputError]) -> int:
    """Tell why nothing can be loaded; of one reason it is the command's error."""
    if len(errors) == 1:
        raise errors[0]
    for error in errors:
        say(f"lodkit: error: {error}")
    return InputError.exit_code


def _good_units(
    sources: Sources, own: frozenset[str], advance: Callable[[], None]
) -> Iterator[tuple[str, Unit]]:
    """Yield the units of files, each with its file; what speaks for others, or contradicts itself, goes into
    the errors. What was put aside comes last, as one.
    """
    one = len(sources.files) == 1
    for position, (file, form) in enumerate(sources.files):
        loose = Loose(sources.loose.graph) if sources.loose else None
        try:
            for unit in group_units(read_file(file, form), file=file, loose=loose):
                if error := _fault(unit, own, file):
                    sources.errors.append(error)
                else:
                    yield file, unit
                if one:
                    advance()
            _keep(loose, sources.loose, file, "" if one else f"f{position}_")
        except InputError as error:
            sources.errors.append(error)
        if not one:
            advance()
    yield from _put_aside(sources, own)


def _keep(loose: Loose | None, kept: Loose | None, file: str, beginning: str) -> None:
    """Keep what a file has that belongs to no article; blank nodes of two files stay two."""
    if loose is None or kept is None:
        return
    try:
        check_places(loose.quads)
    except InputError as error:
        raise InputError(error.message, file=file, term=error.term, hint=error.hint) from error
    kept.quads.extend(numbered(loose.quads, beginning) if beginning else loose.quads)


def _put_aside(sources: Sources, own: frozenset[str]) -> Iterator[tuple[str, Unit]]:
    if sources.loose is None or not sources.loose.quads:
        return
    files = [file for file, _ in sources.files]
    name = files[0] if len(files) == 1 else number(len(files), "file")
    try:
        unit = make_unit(sources.loose.graph, sources.loose.quads)
    except InputError as error:
        sources.errors.append(error)
        return
    if fault := _fault(unit, own, name):
        sources.errors.append(fault)
    else:
        yield name, unit


def _fault(unit: Unit, own: frozenset[str], file: str) -> InputError | None:
    """What is wrong with a unit, or None."""
    try:
        check_claims(unit, own)
        check_evidence(unit)
    except InputError as error:
        return InputError(error.message, file=file, term=error.term, hint=error.hint)
    return None
