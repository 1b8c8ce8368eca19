"""What kind of store an endpoint is: where it takes what, whom it lets in, how much at once (profiles, and
``lodkit.toml``).
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from ..errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIGURATION = "lodkit.toml"
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
        Profile("sparql"),
    )
}
"""The profiles that come with lodkit. ``sparql`` is any endpoint that answers queries at the address given.
"""

_SERVERS = {"oxigraph": "oxigraph", "virtuoso": "virtuoso", "fuseki": "fuseki", "jena": "fuseki"}
_CHOICES = {"auth": ("digest", "basic"), "layout": ("graphs", "merged")}
_SECRET = re.compile(r"pass|secret|token|user|login|credential", re.IGNORECASE)


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
    fitting = [
        profile
        for profile in own.values()
        if profile.url and f"{url.rstrip('/')}/".startswith(f"{profile.url.rstrip('/')}/")
    ]
    return max(fitting, key=lambda profile: len(profile.url), default=None)


def profile_by_server(server: str) -> Profile:
    """Return the profile that a response's ``Server`` header stands for, ``sparql`` if none does.

    >>> profile_by_server("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").name
    'virtuoso'
    """
    words = re.findall(r"[a-z]+", server.lower())
    return PROFILES[next((_SERVERS[word] for word in words if word in _SERVERS), "sparql")]


def address(url: str, profile: Profile) -> str:
    """Return the address under which a profile's paths lie: that of its ``url``, or the one given without
    such a path.

    >>> address("http://127.0.0.1:8890/sparql", PROFILES["virtuoso"])
    'http://127.0.0.1:8890'
    """
    if profile.url:
        return profile.url.rstrip("/")
    url = url.rstrip("/")
    for path in filter(None, (profile.query, profile.update, profile.data)):
        if "://" not in path and url.endswith(f"/{path}"):
            return url[: -len(path) - 1]
    return url


def place(base: str, path: str) -> str:
    """Return the URL of a path under an address; a path may be a URL of its own."""
    return path if "://" in path else f"{base}/{path}" if path else base


def read_profiles(path: Path | None = None) -> dict[str, Profile]:
    """Read the tables ``[stores.NAME]`` of ``lodkit.toml`` in the working folder, or of the file that
    ``LODKIT_CONFIG`` names.

    Raises:
        InputError: the file is not TOML, or a key or a value is not one of a profile's.
    """
    named = os.environ.get("LODKIT_CONFIG")
    path = path or Path(named or CONFIGURATION)
    if not path.is_file():
        if named:
            raise InputError("no such file", file=named, hint="LODKIT_CONFIG names it")
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("stores", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"not TOML: {error}", file=str(path)) from error
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
    if parent not in PROFILES:
        raise InputError(
            f"no profile {parent!r}", file=file, term=where, hint=f"one of {', '.join(PROFILES)}"
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
        value = tuple([value] if isinstance(value, str) else value if isinstance(value, list) else [None])
        fits = all(scheme in _CHOICES["auth"] for scheme in value)
    elif kind in (int, float):
        fits = (
            isinstance(value, int | kind)
            and not isinstance(value, bool)
            and (value > 0 or (value == 0 and key in ("rows", "retries", "pause")))
        )
    else:
        fits = isinstance(value, str) and value in _CHOICES.get(key, (value,))
    if not fits:
        wanted = " or ".join(
            _CHOICES.get(key, ("a number above 0",) if kind in (int, float) else ("a text",))
        )
        raise InputError(f"{key} is {value!r}, not {wanted}", file=file, term=where)
    return value
