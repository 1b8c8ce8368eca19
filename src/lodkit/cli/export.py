"""``lodkit export``: RDF from one format into another, and what was loaded into a store out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Triple

from ..errors import UsageError
from ..files import STANDARD, plain_suffix
from ..rdf import FORMATS, Level, format_named, format_of, lean, level_of, numbered, without_evidence, write
from ..statement import check_base
from ..store import is_address
from .codes import PARTIAL
from .inputs import each_once, files_in, is_store_folder, read_file
from .terminal import number, open_target, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Quad

    from ..domain import Domain
    from ..rdf import Format
    from .connection import Connection


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written where, in which format, with its evidence or without; None is "as fits"."""

    to: str
    form: str | None = None
    evidence: Level | None = None


def export_places(
    places: Sequence[str],
    origin: str | None,
    wanted: Wanted,
    base: str,
    connection: Connection,
    folder: Path | None,
) -> int:
    """Write the data of files and folders, or what was loaded into a store, in another format; return the
    exit code.

    Raises:
        InputError: the data cannot be read.
        StoreError: they cannot be written, or the store fails.
        UsageError: a format is missing, or a store does not come alone.
    """
    check_base(base)
    target = _target_format(wanted.to, wanted.form)
    prefixes: dict[str, str] = {}
    quads, unfinished = _quads(places, origin, connection, folder, prefixes)
    level = level_of(target.graphs) if wanted.evidence is None else wanted.evidence
    place = places[0] if len(places) == 1 else f"{len(places)} places"
    with open_target(wanted.to, as_json=target.name == "jsonld") as stream:
        shown = _AT[level](quads)
        known = _prefixes(target, folder)
        write(
            _with_labels(shown, place),
            stream,
            target,
            domain=domain_of(folder) if target.name == "jsonld" else None,
            base=base,
            prefixes={
                **{name: iri for name, iri in known.items() if iri not in prefixes.values()},
                **prefixes,
            },
        )
    if not shown:
        say(f"lodkit: {place}: 0 triples")
    if unfinished:
        say(
            f"lodkit: warning: left out, because the load was not finished: {number(unfinished, 'article')}"
            " (load again)"
        )
    return PARTIAL if unfinished else 0


_AT: Mapping[Level, Callable[[list[Quad]], list[Quad]]] = {
    Level.NONE: lambda quads: list(without_evidence(quads)),
    Level.LEAN: lambda quads: list(lean(quads)),
    Level.FULL: lambda quads: quads,
}


def _quads(
    places: Sequence[str],
    origin: str | None,
    connection: Connection,
    folder: Path | None,
    prefixes: dict[str, str],
) -> tuple[list[Quad], int]:
    """The quads of files or of a store, and how many articles of it are left out, being unfinished."""
    stores = [place for place in places if is_address(place) or is_store_folder(place)]
    if stores and len(places) > 1:
        from ..endpoint import shown

        raise UsageError("a store is exported alone", file=shown(stores[0]), hint="one command each")
    if stores:
        from .stores import loaded_quads

        return loaded_quads(stores[0], connection, domain_of(folder))
    files = each_once(file for place in places for file in files_in(place))
    return list(_of_files(files, origin, prefixes)), 0


def _of_files(files: Sequence[str], origin: str | None, prefixes: dict[str, str]) -> Iterator[Quad]:
    """Yield the quads of files; blank nodes of two files stay two, of a prefix the first meaning counts."""
    for position, file in enumerate(files):
        own: dict[str, str] = {}
        quads = read_file(file, origin_of(file, origin), prefixes=own)
        yield from numbered(quads, f"f{position}_") if len(files) > 1 else quads
        prefixes |= {name: iri for name, iri in own.items() if name not in prefixes}


def domain_of(folder: Path | None) -> Domain:
    """Read a domain where a format needs it: it takes longer than all else that is done here.

    Raises:
        DomainError: the folder is no domain, or something is wrong with it.
    """
    from ..domain import read_domain

    return read_domain(folder)


def _prefixes(target: Format, folder: Path | None) -> Mapping[str, str]:
    """The prefixes of the domain, for formats that have some."""
    if target.name in ("nt", "nq", "jsonld"):
        return {}
    from ..query import light_domain

    return light_domain(folder).prefixes


def _with_labels(quads: list[Quad], place: str) -> list[Quad]:
    """Quads whose blank nodes have labels that come from what is said of them (RDFC-1.0), so that the same
    data are the same bytes; where that takes too much, those that they have.
    """
    if not any(
        isinstance(term, BlankNode | Triple) for quad in quads for term in (*quad.triple, quad.graph_name)
    ):
        return quads
    from ..sandbox import TaskError, canonical  # what has no blank nodes needs no child process

    try:
        return canonical(quads)
    except TaskError as error:
        why = f"{error.as_limit('naming them by what is said of them', place).message}"
        say(f"lodkit: warning: blank nodes keep the labels of their file: {why}")
        return list(numbered(quads))


def _target_format(to: str, form: str | None) -> Format:
    if form is not None:
        return format_named(form)
    if to == STANDARD:
        raise UsageError(
            "no format to export to", hint="add --to FILE or --format ttl, trig, nt, nq, jsonld or rdf"
        )
    return format_of(to)


def origin_of(file: str, origin: str | None) -> Format:
    """Return the format to read a file in: the one given, else that of its extension.

    Raises:
        UsageError: there is none.
    """
    if origin is not None:
        return format_named(origin)
    if file == STANDARD:
        raise UsageError("standard input has no extension", hint="say what it is with --from")
    if not any(plain_suffix(file) in known.extensions for known in FORMATS.values()):
        raise UsageError(
            "is no RDF by its extension",
            file=file,
            hint="build an article with lodkit build, or say what it is with --from",
        )
    return format_of(file)
