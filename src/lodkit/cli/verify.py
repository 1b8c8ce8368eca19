"""``lodkit verify``: whether articles are what was loaded, and their quotes in the texts they were read
from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import read_domain
from ..errors import InputError
from ..load import Verification, datatypes_of, group_units, layout_of, units_in
from ..query import ontology
from ..source import read_article
from ..store import Store, is_address
from .codes import NOT_CONFORMING
from .export import origin_of
from .inputs import read_file
from .stores import is_folder, open_store
from .terminal import number, progress, put, put_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .connection import Connection


def verify_place(
    place: str,
    articles: Sequence[str],
    origin: str | None,
    connection: Connection,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Verify a file or a store, against texts of articles where they are given; return the exit code.

    Raises:
        InputError: the file or a text cannot be read, or nothing was loaded into the store.
        StoreError: the store is being written, is not reached, fails, or has lost something.
    """
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    wikitext = read_domain(folder).wikitext if articles else None
    for file in articles:
        article = read_article(file, wikitext=wikitext)
        texts[article.digest] = article.text
        files[article.digest] = file
    found = Verification(texts)
    if is_address(place) or is_folder(place):
        _verify_store(place, connection, folder, found)
    else:
        for unit in group_units(read_file(place, origin_of(place, origin)), file=place):
            found.add(unit)
    for digest in sorted(files.keys() - found.used, key=files.__getitem__):
        found.problems.append((files[digest], "no article here was read from this text"))
    if not found.units:
        raise InputError("nothing to verify", file=place, hint="name data with named graphs, or a store")
    _tell(place, found, as_json)
    return NOT_CONFORMING if found.problems else 0


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


def _tell(place: str, found: Verification, as_json: bool) -> None:
    unverified = {
        "text": found.without_text,
        "count": found.without_count,
        "digest": found.without_digest,
    }
    if as_json:
        problems = [{"name": name, "problem": problem} for name, problem in found.problems]
        put_json(
            {
                "place": place,
                "verified": not found.problems,
                "units": found.units,
                "quotes": found.quotes,
                "problems": problems,
                "notVerified": unverified,
            }
        )
        return
    for name, problem in found.problems:
        put(f"{_plain(name)}: {_plain(problem)}\n")
    say(
        f"{place}: {number(found.units, 'unit')}, {number(found.quotes, 'quote')}:"
        f" {number(len(found.problems), 'problem')}"
    )
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
