"""``lodkit verify``: whether articles are what was loaded, and their quotes in the texts they were read
from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..build import article_files
from ..domain import read_domain
from ..errors import InputError, LodkitError
from ..files import is_existing_folder
from ..load import (
    DEFAULT_GRAPH,
    Loose,
    Verification,
    datatypes_of,
    group_units,
    layout_of,
    make_unit,
    units_in,
)
from ..query import ontology
from ..source import Reading, read_articles
from ..store import Store, is_address
from .codes import NOT_CONFORMING, PARTIAL
from .export import origin_of
from .inputs import each_once, files_in, has_rdf, is_rdf, read_file
from .stores import is_folder, open_store
from .terminal import number, progress, put, put_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..domain import Wikitext
    from ..source import Article
    from .connection import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    """How to verify: the format of the first file where its extension does not tell it, how stores are spoken
    with, and the domain.
    """

    origin: str | None
    connection: Connection
    folder: Path | None
    as_json: bool


def verify_places(places: Sequence[str], asked: Asked) -> int:
    """Verify files and stores, against those of the places that are texts of articles; return the exit code.

    Raises:
        InputError: the only file, or a text, cannot be read, or nothing was loaded into the only store.
        StoreError: the only store is being written, is not reached, fails, or has lost something.
        UsageError: the first file is no RDF by its extension.
    """
    data, files = _sorted_out(places)
    if not _is_store(data[0]):
        origin_of(data[0], asked.origin)
    wikitext = read_domain(asked.folder).wikitext if files else None
    read = ((file, article) for file in files for article in _read(file, wikitext))
    articles = {article.digest: (file, article.text) for file, article in read}
    texts = {digest: text for digest, (_, text) in articles.items()}
    verified: list[tuple[str, Verification]] = []
    errors: list[LodkitError] = []
    for place in data:
        try:
            origin = asked.origin if place == places[0] else None
            verified.append((place, _verified(place, origin, texts, asked)))
        except LodkitError as error:
            if len(data) == 1:
                raise
            errors.append(error)
    used = {digest for _, found in verified for digest in found.used}
    unused = sorted(file for digest, (file, _) in articles.items() if digest not in used)
    name = places[0] if len(data) == 1 else number(len(verified), "data set")
    _tell(name, verified, unused, asked.as_json)
    for one in errors:
        say(f"lodkit: error: {one}")
    if errors:
        return PARTIAL if verified else errors[0].exit_code
    return NOT_CONFORMING if unused or any(found.problems for _, found in verified) else 0


def _sorted_out(places: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The data and the texts among places. The first one is data; of the others, stores, RDF by its extension
    and folders with RDF in them are data, the rest are texts and folders of texts.

    Raises:
        InputError: a folder has none of these, or cannot be read.
    """
    first, *others = places
    data = [first] if _is_store(first) else files_in(first)
    texts: list[str] = []
    for place in others:
        if _is_store(place) or is_rdf(place, None):
            data.append(place)
        elif is_existing_folder(place) and has_rdf(place):
            data += files_in(place)
        else:
            texts += article_files(place)
    return each_once(data), each_once(texts)


def _read(file: str, wikitext: Wikitext | None) -> Iterator[Article]:
    """The articles of a file.

    Raises:
        InputError: one cannot be read.
    """
    for article in read_articles(file, Reading(wikitext=wikitext)):
        if isinstance(article, InputError):
            raise article
        yield article


def _is_store(place: str) -> bool:
    return is_address(place) or is_folder(place)


def _verified(place: str, origin: str | None, texts: Mapping[str, str], asked: Asked) -> Verification:
    found = Verification(texts)
    if _is_store(place):
        _verify_store(place, asked.connection, asked.folder, found)
    else:
        loose = Loose(DEFAULT_GRAPH)
        for unit in group_units(read_file(place, origin_of(place, origin)), file=place, loose=loose):
            found.add(unit)
        if loose.quads:
            found.add(make_unit(loose.graph, loose.quads))
    if not found.units:
        raise InputError("nothing to verify", file=place, hint="name data with named graphs, or a store")
    return found


def _verify_store(place: str, connection: Connection, folder: Path | None, found: Verification) -> None:
    target, name = open_store(place, connection)
    layout = layout_of(target, name)
    if layout is None:
        raise InputError(
            "nothing was loaded here by lodkit", file=name, hint="load articles with lodkit load"
        )
    domain = read_domain(folder)
    datatypes = datatypes_of(domain.property_shapes.values())
    own = {getattr(quad.graph_name, "value", "") for quad in ontology(domain)}
    if isinstance(target, Store) and not target.is_consistent():
        found.problems.append((name, "some quads are found from one side and not from another"))
    page = 0 if isinstance(target, Store) else target.profile.rows // 2
    units = [unit for unit in units_in(target, layout) if unit.name not in own]
    with progress("Verifying", len(units)) as advance:
        for unit in units:
            found.add_loaded(target, layout, unit, datatypes, page)
            advance()


def _tell(
    name: str, verified: Sequence[tuple[str, Verification]], unused: Sequence[str], as_json: bool
) -> None:
    """Print the problems, the counts, and what could not be verified, of all places together."""
    several = len(verified) > 1
    problems = [(place, *problem) for place, found in verified for problem in found.problems]
    problems += [("", file, "no article here was read from this text") for file in unused]
    units, quotes = (sum(getattr(found, what) for _, found in verified) for what in ("units", "quotes"))
    unverified = {
        what: [unit for _, found in verified for unit in getattr(found, f"without_{what}")]
        for what in _NOT_VERIFIED
    }
    if as_json:
        put_json(
            {
                "place": name,
                "verified": not problems,
                "units": units,
                "quotes": quotes,
                "problems": [
                    {"name": unit, "problem": problem} | ({"place": place} if several and place else {})
                    for place, unit, problem in problems
                ],
                "notVerified": unverified,
            }
        )
        return
    for place, unit, problem in problems:
        put(f"{f'{_plain(place)}: ' if several and place else ''}{_plain(unit)}: {_plain(problem)}\n")
    say(f"{name}: {number(units, 'unit')}, {number(quotes, 'quote')}: {number(len(problems), 'problem')}")
    for what, words in _NOT_VERIFIED.items():
        if names := unverified[what]:
            more = ", ..." if len(names) > _MOST_NAMED else ""
            say(f"not verified: {number(len(names), 'unit')} {words}: {', '.join(names[:_MOST_NAMED])}{more}")


def _plain(text: str) -> str:
    """Return a text without what would steer a terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


_MOST_NAMED = 3
_NOT_VERIFIED = {
    "text": "against the text, which was not given",
    "count": "by the number of quads, which an older lodkit did not write down",
    "digest": "by the digest, because the store keeps some literals in another form",
}
