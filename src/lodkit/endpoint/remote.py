"""The endpoint itself: queries answered as terms, updates, and graphs put in place."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import Request

import pyoxigraph
from pyoxigraph import RdfFormat

from .. import __version__
from ..errors import InputError, LimitError, StoreError, UsageError
from ..rdf import FORMATS, read
from ..sandbox import Rows, TaskError, parse_cells, parse_results
from .answers import Answer
from .configuration import unused_configuration
from .credentials import HINT, Authorization, find_credentials
from .origins import origin_of, plain, read_address, shown
from .profiles import (
    PROFILES,
    Profile,
    address,
    place,
    profile_by_server,
    profile_named,
    profile_of,
    read_profiles,
)
from .transport import ANY, Limits, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import Quad

_AGENT = f"lodkit/{__version__}"
_BROKEN = "answered with results that are broken or cut off: "
_JSON = ("application/sparql-results+json", "application/json")

# Virtuoso does not believe the media type, and guesses. What begins with a prefix is Turtle to it, but it
# reads the first 64 kB as a
# web page before, each IRI as an element, which takes longer than the triples do. In a script there are no
# elements. A literal with
# "<html>" makes it a web page all the same, and is escaped.
_TURTLE_START = b"@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . # <script>\n"
_ESCAPED = "\\u003C"  # RDF 1.1 Turtle §6.4

# Virtuoso writes years before the common era with three digits, which XSD 1.1 §3.3.14 forbids, and true as 1
# in JSON.
_SHORT_YEAR = re.compile(
    rb'("datatype": "http://www\.w3\.org/2001/XMLSchema#(?:gYear|gYearMonth|date|dateTime)", "value":'
    rb' "-)(\d{1,3})(?=["-])'
)
_SHORT_YEAR_OF_TRIPLES = re.compile(
    rb'("-)(\d{1,3})(?=(?:-[\d-]+[^"\s\\]*)?"\^\^<'
    rb"http://www\.w3\.org/2001/XMLSchema#(?:gYear|gYearMonth|date|dateTime)>)"
)
_BIT = re.compile(rb'("datatype": "http://www\.w3\.org/2001/XMLSchema#boolean", "value": ")([01])(?=")')


class Endpoint:
    """A remote store. Queries see the union of its graphs where its profile knows how to ask for that;
    ``GRAPH`` names one of them.
    """

    def __init__(self, url: str, profile: Profile, transport: Transport) -> None:
        self.url = url
        self.profile = profile
        self._transport = transport
        self.keeps_odd_cells = False
        """Whether rows are given whose cells are no terms of RDF, as `OddTerm`; else they are an error."""
        self.tell: Callable[[str], None] = _warn
        """What is given a line about such cells."""

    @property
    def name(self) -> str:
        """The address as messages show it."""
        return plain(self.url)

    def close(self) -> None:
        """Close the connection; the next request opens another one."""
        self._transport.close()

    def solutions(self, query: str, *, union: bool = True) -> Rows:
        """Answer a SELECT query. Without ``union`` what stands outside of ``GRAPH`` is asked of the default
        graph as the server has it.

        Raises:
            StoreError: the store fails, cuts its answer off, or answers with something else.
        """
        found = self._results(query, "SELECT", union=union)
        if not isinstance(found, Rows):
            raise self._wrong("answered with a truth value to a SELECT")
        return found

    def ask(self, query: str) -> bool:
        """Answer an ASK query.

        Raises:
            StoreError: the store fails or answers with something else.
        """
        found = self._results(query, "ASK")
        if isinstance(found, Rows):
            raise self._wrong("answered with rows to an ASK")
        return found

    def triples(self, query: str) -> Sequence[Quad]:
        """Answer a CONSTRUCT or DESCRIBE query.

        Raises:
            StoreError: the store fails, cuts its answer off, or answers with something else.
        """
        answer = self._query(
            query, "CONSTRUCT", "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
        )
        form = next((form for form in FORMATS.values() if form.media_type == answer.media_type), None)
        if form is None:
            raise self._wrong(f"answered with {_kind(answer)}, not with triples", answer)
        body = (
            _SHORT_YEAR_OF_TRIPLES.sub(_padded, answer.body)
            if self.profile.kind == "virtuoso"
            else answer.body
        )
        try:
            found = list(read(body, form))
        except (InputError, LimitError) as error:
            raise self._wrong(f"answered with triples that are broken or cut off: {error.message}") from None
        self._check_rows(len(found), answer)
        return found

    def update(self, text: str) -> None:
        """Carry out an update (https://www.w3.org/TR/sparql11-protocol/#update-operation), which may be sent
        twice.

        Raises:
            StoreError: the store fails or refuses.
        """
        self._transport.send(self.update_request(text))

    def update_request(self, text: str) -> Request:
        """Return the request of an update.

        Raises:
            UsageError: the profile has no address for updates.
        """
        headers = {"Content-Type": "application/sparql-update; charset=utf-8", "User-agent": _AGENT}
        return Request(self._place(self.profile.update, "updates"), text.encode(), headers, method="POST")

    def graph_request(self, method: str, graph: str, lines: Iterable[str]) -> Request:
        """Return the request that puts lines of N-Triples into a graph, in place of what is there (PUT) or
        beside it (POST).

        ``graph`` is an IRI, or empty for the default graph
        (https://www.w3.org/TR/sparql11-http-rdf-update/#graph-identification).

        Raises:
            UsageError: the profile has no address for graphs.
        """
        where = self._place(self.profile.data, "graphs")
        which = f"graph={quote(graph, safe='')}" if graph else "default"
        lines = map(_without_tags, lines) if self.profile.kind == "virtuoso" else lines
        body = _TURTLE_START + "\n".join(lines).encode() + b"\n"
        headers = {"Content-Type": "text/turtle; charset=utf-8", "User-agent": _AGENT}
        return Request(f"{where}{'&' if '?' in where else '?'}{which}", body, headers, method=method)

    def quads_request(self, quads: Iterable[Quad]) -> Request:
        """Return the request that adds quads to the graphs they name, all of them or none.

        Raises:
            UsageError: the profile has no address for quads.
        """
        headers = {"Content-Type": "application/n-quads", "User-agent": _AGENT}
        body = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
        return Request(self._place(self.profile.quads, "quads"), body, headers, method="POST")

    def send(self, request: Request) -> None:
        """Send a request that was made here; it may be sent twice.

        Raises:
            StoreError: the store fails or refuses.
        """
        self._transport.send(request)

    def _place(self, path: str | None, what: str) -> str:
        if path is None:
            known = ", ".join(name for name, profile in PROFILES.items() if profile.update is not None)
            message = f"the profile {self.profile.name} has no address for {what}"
            raise UsageError(
                message,
                file=self.name,
                hint=f"say what store it is with --profile {known}, or in lodkit.toml",
            )
        # all of them, before the first request that brings data
        for one in (self.profile.update, self.profile.data, self.profile.quads):
            if one is not None:
                self._transport.check_home(place(self.url, one))
        return place(self.url, path)

    def _results(self, query: str, form: str, *, union: bool = True) -> Rows | bool:
        answer = self._query(query, form, None, union=union)
        if answer.media_type not in _JSON:
            raise self._wrong(f"answered with {_kind(answer)}, not with query results", answer)
        body = answer.body
        if self.profile.kind == "virtuoso":
            body = _BIT.sub(
                lambda found: found[1] + (b"true" if found[2] == b"1" else b"false"),
                _SHORT_YEAR.sub(_padded, body),
            )
        found: Any
        try:
            found = parse_results([body])
        except TaskError as error:
            if error.is_limit or not self.keeps_odd_cells:
                raise self._wrong(_BROKEN + error.message) from None
            found = self._cell_by_cell(body)
        if isinstance(found, bool):
            return found
        solutions = Rows(*found)
        self._check_rows(len(solutions), answer)
        return solutions

    def _cell_by_cell(self, body: bytes) -> tuple[Sequence[Any], Sequence[Any]]:
        """Rows of which the engine refuses a cell, for which it refuses them all."""
        try:
            names, rows, reader = parse_cells([body])
        except TaskError as error:
            raise self._wrong(_BROKEN + error.message) from None
        for what, count in reader.odd.items():
            cells, stay = ("cell holds", "stays as it") if count == 1 else ("cells hold", "stay as they")
            self.tell(f"{self.name}: {count} {cells} {what}, and {stay} came: {reader.first[what]}")
        return names, rows

    def _query(self, query: str, form: str, accept: str | None, *, union: bool = True) -> Answer:
        """SPARQLWrapper makes the request; it is sent here, because it has no deadline and follows
        redirections to anywhere.
        """
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

        where = place(self.url, self.profile.query)
        if union and self.profile.union:
            where += f"{'&' if '?' in where else '?'}{self.profile.union}"
        wrapper = SPARQLWrapper(where, agent=_AGENT)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(int(self.profile.timeout))
        wrapper.setReturnFormat(JSON if accept is None else TURTLE)
        # not by setQuery(): its expressions take a time that grows with the cube of the query's length
        wrapper.queryString, wrapper.queryType = query, form
        if accept is not None:
            wrapper.addCustomHttpHeader("Accept", accept)
        answer = self._transport.send(wrapper._createRequest(), is_question=True)
        if answer.encoding:
            raise self._wrong(f"answered in the encoding {answer.encoding!r}, which was not asked for")
        self._refuse_part(answer)
        return answer

    def _refuse_part(self, answer: Answer) -> None:
        """Refuse an answer of which the server says that it is not all: Virtuoso's after its time is up
        (state ``S1TAT``).
        """
        if answer.headers.get("X-SQL-State"):
            told = " ".join(str(answer.headers.get("X-SQL-Message") or "it says no more").split())
            hint = "ask for less, or give the server more time (MaxQueryExecutionTime in virtuoso.ini)"
            raise self._wrong(f"gave only a part of the answer: {told[:200]}", hint=hint)

    def _check_rows(self, count: int, answer: Answer) -> None:
        if "X-SPARQL-MaxRows" in answer.headers or (self.profile.rows and count >= self.profile.rows):
            hint = (
                "ask for less, or raise ResultSetMaxRows in virtuoso.ini"
                if self.profile.kind == "virtuoso"
                else "ask for less"
            )
            raise self._wrong(f"cut the answer off at {count} rows", hint=hint)

    def _wrong(
        self, message: str, answer: Answer | None = None, *, hint: str = "check the address, and --profile"
    ) -> StoreError:
        words = answer.words(self._transport.conceal) if answer else ""
        message = self._transport.conceal(message)
        return StoreError(f"the store {message}{': ' if words else ''}{words}", file=self.name, hint=hint)


def _warn(note: str) -> None:
    warnings.warn(note, stacklevel=4)  # the caller of open_endpoint


def open_endpoint(
    url: str,
    name: str | None = None,
    *,
    timeout: float | None = None,
    deadline: float | None = None,
    config: Path | None = None,
    tell: Callable[[str], None] = _warn,
) -> Endpoint:
    """Return the endpoint at an address, under the profile that is named, or that ``lodkit.toml`` has for it,
    or that the server tells.

    ``timeout`` and ``deadline``, in seconds, go before the profile's; ``config`` is a ``lodkit.toml`` to use.
    Credentials come from the environment or netrc, and are of the address's origin alone. ``tell`` is given,
    once each, what the user should know of where requests and passwords go.

    Raises:
        UsageError: the address or the profile's name is wrong.
        InputError: ``lodkit.toml`` is broken.
        StoreError: the server is not reached.
    """
    url = _checked(url)
    own = read_profiles(config)
    told: set[str] = set()

    def tell_once(note: str | None) -> None:
        if note and note not in told:
            told.add(note)
            tell(note)

    tell_once(unused_configuration(config))
    profile = profile_named(name, own) if name is not None else profile_of(url, own)
    given: dict[str, Any] = {
        key: value for key, value in (("timeout", timeout), ("deadline", deadline)) if value is not None
    }
    home = origin_of(url)
    credentials = find_credentials(home)

    def transport(profile: Profile) -> Transport:
        limits = Limits(profile.timeout, profile.deadline, profile.retries, profile.pause)
        return Transport(limits, Authorization(home, credentials, profile.auth, tell_once))

    if profile is None:
        asking = transport(replace(PROFILES["sparql"], **given))
        answer = asking.send(Request(url, headers={"User-agent": _AGENT}), statuses=ANY)
        asking.close()
        profile = profile_by_server(answer.headers.get("Server") or "")
    profile = replace(profile, **given)
    base = address(url, profile)
    asked = origin_of(place(base, profile.query))
    if not home.admits(asked):
        tell_once(f"queries go to {asked}, as lodkit.toml says, without a user or a password")
    return Endpoint(base, profile, transport(profile))


def _checked(url: str) -> str:
    """Return an address in one form.

    Raises:
        UsageError: it is none, or shows a password.
    """
    try:
        return read_address(url)
    except ValueError as error:
        if "@" in url:
            raise UsageError(
                "an address with a user or a password in it",
                file=shown(url),
                hint="others see it there; " + HINT,
            ) from None
        raise UsageError("no address of a store", file=shown(url), hint=str(error)) from None


def _kind(answer: Answer) -> str:
    return (
        "a web page" if answer.media_type == "text/html" else answer.media_type or "something without a type"
    )


def _without_tags(line: str) -> str:
    """Return a line of N-Triples without ``<`` in its literal."""
    start, end = line.find('"'), line.rfind('"')
    text = line[start:end]
    return f"{line[:start]}{text.replace('<', _ESCAPED)}{line[end:]}" if "<" in text else line


def _padded(found: re.Match[bytes]) -> bytes:
    return found[1] + found[2].zfill(4)
