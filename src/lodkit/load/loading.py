"""Loading: each unit new, in place of an older one, or left as it is; counted, compared, and resumed after a
failure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError, StoreError, UsageError
from ..rdf import EVIDENCE, FACTS
from .contents import sees_union
from .forms import changed, fits_updates, may_change
from .hanging import hangs_together
from .layout import PREFIXES, Graphs, Merged, counting, iri, sizes
from .plan import Bounds, State, Update, forgetting, is_one_step, remembering, replacing
from .records import Record, parse_record
from .units import DEFAULT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Literal

    from .layout import Layout
    from .plan import Step
    from .units import Unit

_MOST_WAITING = 50


def _nothing(layout: Layout) -> None:
    pass


class Target(Protocol):
    """A store to ask. What stands outside of ``GRAPH`` is asked of the union of all graphs, or without
    ``union`` of the default graph alone.
    """

    def solutions(self, query: str, *, union: bool = True) -> Iterable[Any]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How steps get into a store: what is sent at once, what sends it, what ends it.

    ``is_checked`` tells whether the store is asked for its counts afterwards. ``kind`` is the store's kind
    (`Profile.kind`), ``name``
    what messages call it. ``seal`` puts onto the disk what was carried out, and writes down how much it is.
    ``has_default_graph`` tells whether the default graph can be told from the union of all graphs.
    """

    name: str
    kind: str
    target: Target
    bounds: Bounds
    carry_out: Callable[[Step], None]
    close: Callable[[], None]
    is_checked: bool = True
    seal: Callable[[Layout], None] = _nothing
    has_default_graph: bool = True


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many quads of a unit were replaced by how many."""

    name: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.name}: replaced: {self.before} quads by {self.after}"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A unit whose triples were sent: the patterns that count them, and how often each should match; the
    record is written or not.
    """

    name: str
    record: Record
    is_finished: bool
    expected: Mapping[str, int]
    patterns: Mapping[str, str]


@dataclass
class Loading:
    """A run of loads into a store in one layout; `finish` ends it, and `seal` makes it last.

    Counts are compared, and the digests of units that took several steps written, for some units at a time.
    ``is_fresh`` tells that
    the store has no digest, so that none is asked for, ``is_empty`` that it has no graph but those it is made
    with. ``datatypes``
    gives the datatype of each property (`datatypes_of`) when it is needed, which is seldom.
    ``may_strip`` tells that what has no evidence may replace what has some; ``partial`` names units of which
    some could not be read, so that they replace nothing.
    """

    way: Way
    layout: Layout
    is_fresh: bool = False
    is_empty: bool = False
    datatypes: Callable[[], Mapping[str, str]] = dict
    may_strip: bool = False
    partial: set[str] = field(default_factory=set)
    replaced: dict[str, Replaced] = field(default_factory=dict)
    changed: Counter[Literal] = field(default_factory=Counter)
    _seen: dict[str, str] = field(default_factory=dict)
    _sent: list[_Sent] = field(default_factory=list)

    def load(self, unit: Unit) -> str:
        """Load a unit and return what became of it: ``new``, ``replaced``, ``finished`` (an unfinished load)
        or ``unchanged``.

        Raises:
            InputError: the unit came before in another version, lacks the evidence that the layout ``merged``
                needs, or would replace something of another kind, or what others put into the default graph.
            StoreError: the store fails, or holds another number of triples afterwards.
            UsageError: there is no default graph to load into.
        """
        if unit.name in self._seen:
            return self._again(unit)
        self._seen[unit.name] = unit.digest
        self._refuse_unsupported(unit)
        state = self._state(unit.name) if unit.name != DEFAULT_GRAPH else self._state_of_default_graph()
        if state.digest == unit.digest:
            return "unchanged"
        if state.digest is not None and unit.name in self.partial:
            message = "is there, and some of what is to replace it cannot be read"
            raise InputError(message, term=unit.name, hint="mend that and load again; nothing was replaced")
        if state.digest is not None and "#" not in unit.name:  # an article has no fragment
            self._refuse_another_kind(unit, state)
        self._replace(unit, state)
        return (
            "replaced"
            if state.digest
            else "finished"
            if state.is_there and isinstance(self.layout, Merged)
            else "new"
        )

    def _again(self, unit: Unit) -> str:
        """What became of a unit that came before: the same one may lie in a folder in several formats."""
        if self._seen[unit.name] != unit.digest:
            message = "came before in this call, in another version"
            raise InputError(message, term=unit.name, hint="give each article once")
        return "unchanged"

    def finish(self) -> None:
        """Compare the counts of what was sent, and write the digests that are not written yet.

        Raises:
            StoreError: the store fails, or holds another number of triples; what differs is left without a
                digest.
        """
        sent, self._sent = self._sent, []
        wrong = (
            {unit.name: found for unit, found in self._found(sent) if found != sum(unit.expected.values())}
            if self.way.is_checked
            else {}
        )
        records = {unit.name: unit.record for unit in sent if not unit.is_finished and unit.name not in wrong}
        if records:
            self.way.carry_out(Update(remembering(records, self.layout)))
        if wrong:
            self.way.carry_out(Update(forgetting(wrong, self.layout)))
            first = next(unit for unit in sent if unit.name in wrong)
            more = f", and {len(wrong) - 1} more differ" if len(wrong) > 1 else ""
            message = f"holds {wrong[first.name]} triples of {sum(first.expected.values())} afterwards{more}"
            hint = "the load counts as unfinished; see the store's log, and run the same command again"
            raise StoreError(message, file=self.way.name, term=first.name, hint=hint)

    def seal(self) -> None:
        """Make what was loaded last, where that is up to this process (`Way.seal`).

        Raises:
            StoreError: the disk fails.
        """
        self.way.seal(self.layout)

    def check_default_graph(self) -> None:
        """Check that units may go into the default graph.

        Raises:
            UsageError: queries cannot tell it from other graphs, or it holds everything.
        """
        hint = "name a graph with --graph IRI"
        if isinstance(self.layout, Merged):
            message = "has everything in one graph (layout merged), which is not loaded as a whole"
            raise UsageError(message, file=self.way.name, hint=hint)
        if not self.way.has_default_graph:
            message = "has no default graph that queries could tell from all others"
            raise UsageError(message, file=self.way.name, hint=hint)

    def _state_of_default_graph(self) -> State:
        """The default graph is where tools write that name none: what they left there is not removed
        unasked.
        """
        self.check_default_graph()
        state = self._state(DEFAULT_GRAPH)
        # In no variable: an error would take it into another thread, where the engine's rows may not go.
        is_there = bool(list(self.way.target.solutions("SELECT ?s { ?s ?p ?o } LIMIT 1", union=False)))
        if is_there and state.digest is None and not self.may_strip:
            message = "the default graph holds triples that no finished load brought"
            hint = "--replace puts these in their place; --graph IRI loads into another graph"
            raise InputError(message, term=DEFAULT_GRAPH, hint=hint)
        return replace(state, is_there=is_there)

    def _refuse_unsupported(self, unit: Unit) -> None:
        if not isinstance(self.layout, Merged) or not unit.is_article:
            return
        hint = "load it with evidence, or with --layout graphs"
        if unit.name + EVIDENCE not in unit.graphs:
            raise InputError(
                "in one graph, nothing but evidence tells its facts from those of other articles",
                term=unit.name,
                hint=hint,
            )
        if (lost := hangs_together(unit)) is not None:
            message = "in one graph, this would not be found again as the article's"
            raise InputError(
                f"{message}: {lost}", term=unit.name, hint="build it anew, or use --layout graphs"
            )

    def _refuse_another_kind(self, unit: Unit, state: State) -> None:
        """A name stands for an article or for a graph, and evidence does not go unasked."""
        has_evidence = self._has_graph(unit.name, EVIDENCE)
        if not unit.is_article and (has_evidence or self._has_graph(unit.name, FACTS)):
            raise InputError(
                "names an article of the store, and a graph here", term=unit.name, hint="rename it"
            )
        if has_evidence and unit.name + EVIDENCE not in unit.graphs and not self.may_strip:
            before = "" if state.quads is None else f" of {state.quads} quads"
            message = f"has no evidence, and the version{before} in the store has some"
            hint = "load it with evidence, or say --replace to do without"
            raise InputError(message, term=unit.name, hint=hint)

    def _has_graph(self, name: str, ending: str) -> bool:
        is_said = f"{iri(name)} a lk:Article . BIND(1 AS ?s)"
        pattern = is_said if isinstance(self.layout, Merged) else "?s ?p ?o"
        found = f"SELECT ?s {{ {self.layout.data(name + ending, pattern)} }} LIMIT 1"
        return bool(list(self.way.target.solutions(PREFIXES + found)))

    def _state(self, name: str) -> State:
        """In graphs of its own a unit is removed unasked, since an unfinished one shows only there."""
        if self.is_fresh and isinstance(self.layout, Graphs):
            return State(not self.is_empty)
        rows = list(self.way.target.solutions(self.layout.state(name)))
        found = [row["digest"] for row in rows if row["digest"] is not None]
        is_there = bool(rows) or isinstance(self.layout, Graphs)
        record = parse_record(found[0]) if len(found) == 1 else None
        if record is not None:
            return State(is_there, record.digest, record.quads)
        return State(is_there, "" if found else None)

    def _replace(self, unit: Unit, state: State) -> None:
        bounds, is_told = (
            self.way.bounds,
            may_change(chain.from_iterable(unit.graphs.values()), self.way.kind),
        )
        if is_told and not fits_updates(unit.quads, self.way.kind):
            bounds = replace(bounds, insert=0)
        other = Counter(changed(unit.quads, self.way.kind, self.datatypes())) if is_told else Counter()
        expected = dict(zip(unit.graphs, self.layout.expected(unit), strict=True))
        record = Record(unit.digest, sum(expected.values()), other.total())
        for step in replacing(unit, self.layout, bounds, state, record):
            self.way.carry_out(step)
        self.changed.update(other)
        if state.digest and state.quads is not None:
            self.replaced[unit.name] = Replaced(unit.name, state.quads, record.quads or 0)
        is_finished = is_one_step(unit, self.layout, bounds, state)
        if self.way.is_checked or not is_finished:
            patterns = {
                graph: self.layout.pattern(unit.name, graph, is_article=unit.is_article)
                for graph in unit.graphs
            }
            self._sent.append(_Sent(unit.name, record, is_finished, expected, patterns))
        if len(self._sent) >= _MOST_WAITING:
            self.finish()

    def _found(self, sent: Sequence[_Sent]) -> Iterator[tuple[_Sent, int]]:
        """Yield each unit with the number of its triples in the store."""
        together = [unit for unit in sent if isinstance(self.layout, Graphs) and unit.name != DEFAULT_GRAPH]
        alone = [unit for unit in sent if isinstance(self.layout, Merged) or unit.name == DEFAULT_GRAPH]
        if together:
            rows = self.way.target.solutions(sizes(graph for unit in together for graph in unit.expected))
            numbers = {row["graph"].value: int(row["n"].value) for row in rows if row["graph"] is not None}
            yield from ((unit, sum(numbers.get(graph, 0) for graph in unit.expected)) for unit in together)
        for unit in alone:
            query = counting(unit.patterns.values())
            [row] = self.way.target.solutions(query, union=sees_union(unit.name))
            yield unit, sum(int(row[f"n{number}"].value) for number in range(len(unit.patterns)))
