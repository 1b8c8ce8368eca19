"""``lodkit export``: RDF from one format into another, and what was loaded into a store out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Triple

from ..domain import read_domain
from ..errors import UsageError
from ..files import STANDARD, plain_suffix
from ..rdf import FORMATS, format_named, format_of, numbered, write
from ..sandbox import TaskError, canonical
from ..statement import check_base
from ..store import is_address
from .build import facts
from .codes import PARTIAL
from .inputs import read_file
from .stores import is_folder, loaded_quads
from .terminal import number, open_target, say

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad

    from ..rdf import Format
    from .connection import Connection


def export_place(
    place: str,
    origin: str | None,
    to: str,
    form: str | None,
    evidence: bool | None,
    base: str,
    connection: Connection,
    folder: Path | None,
) -> int:
    """Write a file's data, or what was loaded into a store, in another format; return the exit code.

    Raises:
        InputError: the data cannot be read.
        StoreError: they cannot be written, or the store fails.
        UsageError: a format is missing, or is only read.
    """
    check_base(base)
    target = _target_format(to, form)
    is_store = is_address(place) or is_folder(place)
    source = None if is_store else origin_of(place, origin)
    domain = read_domain(folder)
    prefixes: dict[str, str] = {}
    if source is None:
        quads, unfinished = loaded_quads(place, connection, domain)
    else:
        quads, unfinished = list(read_file(place, source, prefixes=prefixes)), 0
    wanted = target.graphs if evidence is None else evidence
    with open_target(to, as_json=target.name == "jsonld") as stream:
        shown = quads if wanted else facts(quads)
        write(_with_labels(shown, place), stream, target, domain=domain, base=base, prefixes=prefixes)
    if not shown:
        say(f"lodkit: {place}: 0 triples")
    if unfinished:
        say(
            f"lodkit: warning: left out, because the load was not finished: {number(unfinished, 'article')}"
            " (load again)"
        )
    return PARTIAL if unfinished else 0


def _with_labels(quads: list[Quad], place: str) -> list[Quad]:
    """Quads whose blank nodes have labels that come from what is said of them (RDFC-1.0), so that the same
    data are the same bytes; where that takes too much, those that they have.
    """
    if not any(
        isinstance(term, BlankNode | Triple) for quad in quads for term in (*quad.triple, quad.graph_name)
    ):
        return quads
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
