"""What kind of store an endpoint is: where it takes what, whom it lets in, how much at once (profiles, and
``lodkit.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, get_type_hints
from urllib.parse import quote

from pyoxigraph import NamedNode

from ..errors import InputError, UsageError
from .configuration import find_configuration, read_configuration
from .origins import read_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MERGED = "https://w3id.org/lodkit/core#merged"
"""The graph that holds everything in the layout ``merged``, where a store has no default graph to write to.
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """How to speak with a store. Paths follow the store's address; an empty one is the address itself, None
    is not offered.

    ``quads`` is where a request that posts N-Quads is one transaction. ``union`` is added to each query so
    that its default graph
    is the union of all graphs; ``merged`` is the graph of the layout ``merged``, empty for the default graph.
    ``chunk`` is the most
    triples in a Graph Store request and quads in a request to ``quads``, ``insert`` the most triples in an
    update, ``rows`` the most
    that an answer has before the store may cut it in silence, 0 for no bound.
    """

    name: str
    query: str = ""
    update: str | None = None
    data: str | None = None
    quads: str | None = None
    auth: tuple[str, ...] = ("digest", "basic")
    union: str = ""
    merged: str = ""
    layout: str = "graphs"
    chunk: int = 10_000
    insert: int = 2_000
    rows: int = 0
    timeout: float = 60.0
    deadline: float = 600.0
    retries: int = 4
    pause: float = 0.5
    url: str = ""
    kind: str = ""


PROFILES: Mapping[str, Profile] = {
    profile.name: replace(profile, kind=profile.name)
    for profile in (
        Profile(
            "oxigraph",
            query="query",
            update="update",
            data="store",
            quads="store",
            auth=("basic",),
            union="union-default-graph=",
        ),
        Profile(
            "virtuoso",
            query="sparql",
            update="sparql-auth",
            data="sparql-graph-crud-auth",
            auth=("digest",),
            merged=MERGED,
            insert=500,
            rows=10_000,
        ),
        Profile(
            "fuseki",
            query="query",
            update="update",
            data="data",
            auth=("basic", "digest"),
            union="default-graph-uri=urn:x-arq:UnionGraph&default-graph-uri=urn:x-arq:DefaultGraph",
        ),
        # What the manuals of these say; none of them runs in the tests.
        Profile("graphdb", update="statements", data="rdf-graphs/service", quads="statements"),
        Profile("rdf4j", update="statements", data="rdf-graphs/service", quads="statements"),
        Profile("qlever"),
        Profile("sparql"),
    )
}
"""The profiles that come with lodkit. ``sparql`` is any endpoint that answers queries at the address given.
"""

_SERVERS = {
    **{name: name for name in ("oxigraph", "virtuoso", "fuseki", "graphdb", "rdf4j", "qlever")},
    "jena": "fuseki",
}
_CHOICES = {"auth": ("digest", "basic"), "layout": ("graphs", "merged")}
_SECRET = re.compile(r"pass|secret|token|user|login|credential", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\\#\s]")
_PATHS = frozenset({"query", "update", "data", "quads"})
_MOST = {"timeout": 10**6, "deadline": 10**6, "pause": 10**6, "retries": 100}
"""The most that numbers may be: eleven days in seconds (sockets take no more than 24), and tries; of all
others
10⁹.
"""
_LONGEST_SHOWN = 60


def profile_named(name: str, own: Mapping[str, Profile]) -> Profile:
    """Return a profile of ``lodkit.toml`` or one that comes with lodkit.

    Raises:
        UsageError: there is none of that name.
    """
    found = own.get(name) or PROFILES.get(name)
    if found is None:
        raise UsageError(f"no profile {name!r}", hint=f"one of {', '.join(sorted({*PROFILES, *own}))}")
    return found


def profile_of(url: str, own: Mapping[str, Profile]) -> Profile | None:
    """Return the profile of ``lodkit.toml`` whose ``url`` the address is or lies under, the longest one; None
    if there is none.
    """
    fitting = [profile for profile in own.values() if _covers(profile, url)]
    return max(fitting, key=lambda profile: len(profile.url), default=None)


def _covers(profile: Profile, url: str) -> bool:
    return bool(profile.url) and f"{url.rstrip('/')}/".startswith(f"{profile.url.rstrip('/')}/")


def profile_by_server(server: str) -> Profile:
    """Return the profile that a response's ``Server`` header stands for, ``sparql`` if none does.

    >>> profile_by_server("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").name
    'virtuoso'
    """
    words = re.findall(r"[a-z]+", server.lower())
    return PROFILES[next((_SERVERS[word] for word in words if word in _SERVERS), "sparql")]


def address(url: str, profile: Profile) -> str:
    """Return the address under which a profile's paths lie: its ``url`` where the one given lies under it,
    else the one given, without such a path.

    >>> address("http://127.0.0.1:8890/sparql", PROFILES["virtuoso"])
    'http://127.0.0.1:8890'
    """
    if _covers(profile, url):
        return profile.url.rstrip("/")
    url = url.rstrip("/")
    for path in filter(None, (profile.query, profile.update, profile.data)):
        if not _ABSOLUTE.match(path) and url.endswith(f"/{path}"):
            return url[: -len(path) - 1]
    return url


def place(base: str, path: str) -> str:
    """Return the URL of a path under an address; a path may be a URL of its own."""
    return path if _ABSOLUTE.match(path) else f"{base}/{path}" if path else base


def read_profiles(named: Path | None = None) -> dict[str, Profile]:
    """Read the tables ``[stores.NAME]`` of the ``lodkit.toml`` that is named here, by ``LODKIT_CONFIG``, or
    that the user's configuration folder has.

    Raises:
        InputError: there is no such file, it is not TOML, or a key or a value is not one of a profile's.
    """
    path = find_configuration(named)
    if path is None:
        return {}
    tables = read_configuration(path).get("stores", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise InputError("'stores' holds a table for each store", file=str(path), hint="write [stores.NAME]")
    return {name: _profile(name, table, str(path)) for name, table in tables.items()}


def _profile(name: str, table: dict[str, Any], file: str) -> Profile:
    where = f"stores.{name}"
    if secret := next((key for key in table if _SECRET.search(key)), None):
        message = f"{secret!r} does not belong into a file"
        raise InputError(
            message,
            file=file,
            term=where,
            hint="credentials come from LODKIT_USER and LODKIT_PASSWORD, or from netrc",
        )
    parent = table.get("profile", "sparql")
    if not isinstance(parent, str) or parent not in PROFILES:
        raise InputError(
            f"no profile {_text(parent)}", file=file, term=where, hint=f"one of {', '.join(PROFILES)}"
        )
    known = {field.name for field in fields(Profile)} - {"name", "kind"}
    if unknown := sorted(table.keys() - known - {"profile"}):
        raise InputError(
            f"no key {unknown[0]!r}",
            file=file,
            term=where,
            hint=f"one of profile, {', '.join(sorted(known))}",
        )
    types = get_type_hints(Profile)
    values = {
        key: _value(key, value, types[key], file, where) for key, value in table.items() if key != "profile"
    }
    return replace(PROFILES[parent], name=name, **values)


def _value(key: str, value: Any, kind: Any, file: str, where: str) -> Any:
    if key == "auth":
        value = tuple(value) if isinstance(value, list) else (value,)
    try:
        return _read_value(key, value, kind)
    except ValueError as error:
        # an address may have a password in it
        has_password = key in {"url", *_PATHS} and isinstance(value, str) and "@" in value
        written = "" if has_password else f" {_text(value)},"
        raise InputError(f"{key} is{written} not {error}", file=file, term=where) from None


def _read_value(key: str, value: Any, kind: Any) -> Any:
    """Return a value in one form.

    Raises:
        ValueError: it does not fit; the message says what would.
    """
    if key == "auth":
        _check(all(scheme in _CHOICES[key] for scheme in value), " or ".join(_CHOICES[key]))
    elif kind in (int, float):
        most, least = _MOST.get(key, 10**9), int(key not in ("rows", "retries", "pause"))
        fits = isinstance(value, int | kind) and not isinstance(value, bool) and 0 <= value <= most
        _check(fits and (value > 0 or not least), f"a number {'above' if least else 'from'} 0, up to {most}")
    elif key in _CHOICES:
        _check(value in _CHOICES[key], " or ".join(_CHOICES[key]))
    else:
        _check(isinstance(value, str), "a text")
        return _read_text(key, value)
    return value


def _read_text(key: str, value: str) -> str:
    if key == "url" or (key in _PATHS and _ABSOLUTE.match(value)):
        try:
            return read_address(value)
        except ValueError as error:
            raise ValueError(f"an address: {error}") from None
    if key == "merged" and value:
        _check(_is_iri(value), "an IRI")
    if key in ("union", *_PATHS):
        _check(not _UNFIT.search(value), "a text without spaces, #, \\ and control characters")
        return quote(value, safe="%/?:@!$&'()*+,;=~[]")
    return value


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _check(fits: bool, wanted: str) -> None:
    if not fits:
        raise ValueError(wanted)


def _text(value: Any) -> str:
    """Return a value as a message shows it; large numbers have no text in Python."""
    if isinstance(value, int) and abs(value) > 10**_LONGEST_SHOWN:
        return "a number of many digits"
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        return "something too large to be shown"
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
