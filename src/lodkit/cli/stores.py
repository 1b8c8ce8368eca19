"""What the commands that speak with stores share: a place opened as a folder or as an address, and a load
with its summary.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ..errors import InputError, StoreError, UsageError
from ..files import STANDARD
from ..load import (
    Graphs,
    Loading,
    check,
    datatypes_of,
    group_units,
    layout_of,
    load_into_endpoint,
    load_into_folder,
    quads_of,
    units_in,
)
from ..query import ontology
from ..store import Store, is_address, is_store
from .terminal import DETAILED, number, progress, put, say, verbosity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from urllib.request import Request

    from pyoxigraph import Quad

    from ..domain import Domain
    from ..endpoint import Endpoint
    from ..load import Replaced, Unit
    from .connection import Connection

_OUTCOMES = ("new", "replaced", "finished", "unchanged")
_MOST_SHOWN = 3
_MOST_SECONDS = 10**6  # as in lodkit.toml; sockets take no more than 24 days
_FEWEST_SENT, _MOST_SENT = 3, 12  # units that are read ahead of the store


def is_folder(place: str) -> bool:
    """Tell whether a place is a folder that is a store, be it a damaged one."""
    return place != STANDARD and is_store(place)


def reach(place: str, connection: Connection) -> Endpoint:
    """Return the endpoint at an address.

    Raises:
        UsageError: the address, the profile or the credentials are wrong.
        StoreError: the server is not reached.
    """
    from ..endpoint import open_endpoint, tells_waits

    tells_waits.set(lambda line: say(f"lodkit: {line}"))
    given = [seconds for seconds in (connection.timeout, connection.deadline) if seconds is not None]
    if not all(0 < seconds <= _MOST_SECONDS for seconds in given):  # what is no number is not above 0 either
        raise UsageError(f"--timeout and --deadline are seconds above 0, up to {_MOST_SECONDS}")
    return open_endpoint(
        place,
        connection.profile,
        timeout=connection.timeout,
        deadline=connection.deadline,
        config=connection.config,
        tell=lambda note: say(f"lodkit: warning: {note}"),
    )


def open_store(place: str, connection: Connection) -> tuple[Store | Endpoint, str]:
    """Return a store to read from, and what messages call it.

    Raises:
        InputError: the folder is no store.
        StoreError: it is being written, is not reached, or has lost something.
    """
    if is_address(place):
        endpoint = reach(place, connection)
        return endpoint, endpoint.name
    store = Store(place, read_only=True)
    check(store, layout_of(store, place))
    return store, place


def loaded_quads(place: str, connection: Connection, domain: Domain) -> tuple[list[Quad], int]:
    """Return the quads of what was loaded into a store, as they were, and how many articles are left out,
    being unfinished.

    Raises:
        InputError: the folder is no store, or nothing was loaded into it.
        StoreError: it is being written, is not reached, or fails.
    """
    target, name = open_store(place, connection)
    layout = layout_of(target, name)
    if layout is None:
        raise InputError(
            "nothing was loaded here by lodkit",
            file=name,
            hint="load articles with lodkit load or lodkit build --into",
        )
    datatypes = datatypes_of(domain.property_shapes.values())
    vocabularies = {getattr(quad.graph_name, "value", "") for quad in ontology(domain)}
    units = [unit for unit in units_in(target, layout) if unit.name not in vocabularies]
    # What is no article has no evidence, so that in one graph it is not told from other data.
    whole = [unit for unit in units if unit.digest and (unit.is_article or isinstance(layout, Graphs))]
    page = 0 if isinstance(target, Store) else target.profile.rows // 2
    with progress("Reading", len(whole)) as advance:
        quads = []
        for unit in whole:
            quads += quads_of(target, layout, unit, datatypes, page=page)
            advance()
    if others := sum(not unit.is_article for unit in units) - sum(not unit.is_article for unit in whole):
        say(f"lodkit: left out: {number(others, 'graph')} of no article")
    return quads, sum(unit.is_article for unit in units) - sum(unit.is_article for unit in whole)


@contextmanager
def loading(
    place: str,
    connection: Connection,
    vocabulary: Iterable[Quad],
    domain: Callable[[], Domain],
    *,
    into_default_graph: bool = False,
) -> Iterator[Load]:
    """Open a store to load into, put the ontology there, and tell how far it came if it stops in between.

    The whole domain is asked for only if its shapes are needed.

    Raises:
        UsageError: the options do not fit the store; it has no default graph, and one is wanted.
        StoreError: the store is in use, or fails.
    """
    opened = _open(place, connection, cache(lambda: datatypes_of(domain().property_shapes.values())))
    opened.may_strip = connection.replace
    try:
        if into_default_graph:
            opened.check_default_graph()
        with ThreadPoolExecutor(1) as sender:
            load = Load(place, opened, connection.dry_run, sender)
            yield from _going_through(load, vocabulary)
    finally:
        opened.way.close()


def _going_through(load: Load, vocabulary: Iterable[Quad]) -> Iterator[Load]:
    try:
        for unit in group_units(vocabulary):
            load.add(unit, is_vocabulary=True)
        yield load
        load.finish()
    except BaseException:
        load.sender.shutdown(cancel_futures=True)
        with suppress(StoreError):
            load.loading.finish()
            load.loading.seal()
        if load.outcomes:
            say(f"lodkit: stopped after {load.counts()}; the same command goes on from there")
        raise


@dataclass
class Load:
    """A load and what to tell of it; the ontology is counted apart from what the user gave.

    Units are sent by another thread, one after the other, while the next ones are read.
    """

    place: str
    loading: Loading
    is_rehearsal: bool
    sender: ThreadPoolExecutor
    errors: list[InputError] = field(default_factory=list)
    outcomes: Counter[tuple[bool, str]] = field(default_factory=Counter)
    triples: int = 0
    vocabulary: int = 0
    skolemized: int = 0
    unpaired: Counter[str] = field(default_factory=Counter)
    _sent: deque[tuple[Future[str], Unit, str | None, bool]] = field(default_factory=deque)

    def add(self, unit: Unit, *, file: str | None = None, is_vocabulary: bool = False) -> None:
        """Load a unit, read from a file; that it came before, or cannot be loaded in this layout, is kept in
        ``errors``.

        Raises:
            StoreError: the store fails, for this unit or one before.
        """
        if len(self._sent) >= _MOST_SENT:
            while (
                len(self._sent) > _FEWEST_SENT
            ):  # several at once: reading in small steps would hold up what is being sent
                self._take_up()
        self._sent.append(
            (self.sender.submit(copy_context().run, self._send, unit), unit, file, is_vocabulary)
        )

    def finish(self) -> None:
        """Wait for what was sent, and end the load; from then on it outlives a power cut.

        Raises:
            StoreError: the store fails.
        """
        while self._sent:
            self._take_up()
        self.loading.finish()
        if not self.is_rehearsal:
            self.loading.seal()

    def _send(self, unit: Unit) -> str:
        if self.is_rehearsal:
            put(f"# {unit.name}\n")
        return self.loading.load(unit)

    def _take_up(self) -> None:
        """Take up what became of the unit that was sent first."""
        future, unit, file, is_vocabulary = self._sent.popleft()
        try:
            outcome = future.result()
        except InputError as error:
            self.errors.append(InputError(error.message, file=file, term=error.term, hint=error.hint))
            return
        size = 0 if outcome == "unchanged" else unit.size
        if verbosity.get() >= DETAILED:
            known = self.loading.replaced.get(unit.name)
            say(str(known) if known else f"{unit.name}: {outcome}, {unit.size} triples")
        if is_vocabulary:
            self.vocabulary += size
            return
        self.outcomes[unit.is_article, outcome] += 1
        self.triples += size
        self.skolemized += unit.skolemized if size else 0

    def counts(self) -> str:
        """Return what became of how many articles, and of other graphs."""
        articles, others = (self._outcomes(is_article) for is_article in (True, False))
        parts = [number(sum(articles.values()), "article")] if articles or not others else []
        parts += [number(sum(others.values()), "other graph")] if others else []
        both = Counter(articles) + Counter(others)
        return " and ".join(parts) + (
            f" ({', '.join(f'{both[outcome]} {outcome}' for outcome in _OUTCOMES if both[outcome])})"
            if both
            else ""
        )

    def tell(self) -> None:
        """Print the summary to standard error."""
        what = [number(self.triples, "triple")] if self.triples else []
        what += [f"{self.vocabulary} of the ontology"] if self.vocabulary else []
        verb = "would be loaded" if self.is_rehearsal else "loaded"
        say(
            f"{self.counts()}: "
            + (
                f"{' and '.join(what)} {verb}, in the layout {self.loading.layout.name}"
                if what
                else "nothing to load"
            )
        )
        for replaced in self._shrunk():
            say(f"lodkit: warning: {replaced}")
        if facts := self.unpaired["facts"]:
            say(f"lodkit: warning: {number(facts, 'fact')} without an asserted statement")
        if statements := self.unpaired["statements"]:
            say(f"lodkit: warning: {number(statements, 'asserted statement')} without a fact")
        if self.skolemized:
            say(
                f"lodkit: {number(self.skolemized, 'blank node')} got IRIs, the same ones at each load (RDF"
                " 1.1 §3.5)"
            )
        if changed := self.loading.changed:
            examples = ", ".join(map(str, sorted(changed, key=str)[:_MOST_SHOWN])) + (
                ", ..." if len(changed) > _MOST_SHOWN else ""
            )
            say(
                f"lodkit: warning: {number(changed.total(), 'literal')} will come back from this store in"
                f" another form: {examples}"
            )

    def as_json(self) -> dict[str, object]:
        """Return the summary as values that ``json.dumps`` takes."""
        return {
            "into": self.place,
            "layout": self.loading.layout.name,
            "articles": self._outcomes(True),
            "otherGraphs": self._outcomes(False),
            "triples": self.triples,
            "ontologyTriples": self.vocabulary,
            "blankNodes": self.skolemized,
            "literalsInAnotherForm": self.loading.changed.total(),
            "errors": [str(error) for error in self.errors],
            **({"shrunk": [str(replaced) for replaced in shrunk]} if (shrunk := self._shrunk()) else {}),
            **({"unpaired": dict(self.unpaired)} if self.unpaired.total() else {}),
        }

    def _shrunk(self) -> list[Replaced]:
        """What lost more than half of its quads; with -v, all that was replaced was told on the way."""
        return [
            replaced for replaced in self.loading.replaced.values() if replaced.after * 2 < replaced.before
        ]

    def _outcomes(self, is_article: bool) -> dict[str, int]:
        return {
            outcome: self.outcomes[is_article, outcome]
            for outcome in _OUTCOMES
            if self.outcomes[is_article, outcome]
        }


def check_target(place: str, connection: Connection) -> bool:
    """Tell the address of a server from a folder to load into, before anything is read.

    Raises:
        UsageError: it is neither, or an option does not go with a folder.
    """
    if is_address(place):
        return True
    given = {
        "--profile": connection.profile,
        "--config": connection.config,
        "--dry-run": connection.dry_run,
    }
    if option := next((name for name, value in given.items() if value), None):
        raise UsageError(f"{option} is for servers", file=place)
    return False


def _open(place: str, connection: Connection, datatypes: Callable[[], Mapping[str, str]]) -> Loading:
    if not check_target(place, connection):
        return load_into_folder(place, connection.layout, datatypes)
    show = _show if connection.dry_run else None
    return load_into_endpoint(reach(place, connection), connection.layout, datatypes, show)


def _show(request: Request, triples: int) -> None:
    """Print a request as it would be sent, its body with ``-v``."""
    data = request.data if isinstance(request.data, bytes) else b""
    brings = f", {triples} triples" if triples else ""
    put(
        f"{request.get_method()} {request.full_url}\n    {request.get_header('Content-type')}, {len(data)}"
        f" bytes{brings}\n"
    )
    if verbosity.get() >= DETAILED:
        put("".join(f"    {line}\n" for line in data.decode().splitlines()))
    sys.stdout.flush()
