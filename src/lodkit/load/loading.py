"""Loading: each unit new, in place of an older one, or left as it is; counted, compared, and resumed after a
failure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError, StoreError
from ..rdf import EVIDENCE
from .forms import changed, fits_updates, may_change
from .layout import Graphs, Merged, counting, sizes
from .plan import Bounds, State, Update, forgetting, is_one_step, remembering, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Literal

    from .layout import Layout
    from .plan import Step
    from .units import Unit

_MOST_WAITING = 50


class Target(Protocol):
    """A store to ask."""

    def solutions(self, query: str) -> Iterable[Any]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How steps get into a store: what is sent at once, what sends it, what ends it.

    ``is_checked`` tells whether the store is asked for its counts afterwards. ``kind`` is the store's kind
    (`Profile.kind`), ``name``
    what messages call it.
    """

    name: str
    kind: str
    target: Target
    bounds: Bounds
    carry_out: Callable[[Step], None]
    close: Callable[[], None]
    is_checked: bool = True


@dataclass(frozen=True, slots=True)
class _Sent:
    """A unit whose triples were sent: the patterns that count them, and how often each should match; the
    digest is written or not.
    """

    name: str
    digest: str
    is_finished: bool
    expected: Mapping[str, int]
    patterns: Mapping[str, str]


@dataclass
class Loading:
    """A run of loads into a store in one layout; `finish` ends it.

    Counts are compared, and the digests of units that took several steps written, for some units at a time.
    ``is_fresh`` tells that
    the store has no digest, so that none is asked for, ``is_empty`` that it has no graph but those it is made
    with. ``datatypes``
    gives the datatype of each property (`datatypes_of`) when it is needed, which is seldom.
    """

    way: Way
    layout: Layout
    is_fresh: bool = False
    is_empty: bool = False
    datatypes: Callable[[], Mapping[str, str]] = dict
    changed: Counter[Literal] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _sent: list[_Sent] = field(default_factory=list)

    def load(self, unit: Unit) -> str:
        """Load a unit and return what became of it: ``new``, ``replaced``, ``finished`` (an unfinished load)
        or ``unchanged``.

        Raises:
            InputError: the unit came before, or lacks the evidence that the layout ``merged`` needs.
            StoreError: the store fails, or holds another number of triples afterwards.
        """
        if unit.name in self._seen:
            raise InputError("came before in this call", term=unit.name, hint="give each article once")
        self._seen.add(unit.name)
        self._refuse_unsupported(unit)
        state = self._state(unit.name)
        if state.digest == unit.digest:
            return "unchanged"
        self._replace(unit, state)
        return (
            "replaced"
            if state.digest
            else "finished"
            if state.is_there and isinstance(self.layout, Merged)
            else "new"
        )

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
        digests = {unit.name: unit.digest for unit in sent if not unit.is_finished and unit.name not in wrong}
        if digests:
            self.way.carry_out(Update(remembering(digests, self.layout)))
        if wrong:
            self.way.carry_out(Update(forgetting(wrong, self.layout)))
            first = next(unit for unit in sent if unit.name in wrong)
            more = f", and {len(wrong) - 1} more differ" if len(wrong) > 1 else ""
            message = f"holds {wrong[first.name]} triples of {sum(first.expected.values())} afterwards{more}"
            hint = "the load counts as unfinished; see the store's log, and run the same command again"
            raise StoreError(message, file=self.way.name, term=first.name, hint=hint)

    def _refuse_unsupported(self, unit: Unit) -> None:
        if isinstance(self.layout, Merged) and unit.is_article and unit.name + EVIDENCE not in unit.graphs:
            hint = "load it with evidence, or with --layout graphs"
            raise InputError(
                "in one graph, nothing but evidence tells its facts from those of other articles",
                term=unit.name,
                hint=hint,
            )

    def _state(self, name: str) -> State:
        """In graphs of its own a unit is removed unasked, since an unfinished one shows only there."""
        if self.is_fresh and isinstance(self.layout, Graphs):
            return State(not self.is_empty)
        rows = list(self.way.target.solutions(self.layout.state(name)))
        digests = sorted(row["digest"].value for row in rows if row["digest"] is not None)
        digest = digests[0] if len(digests) == 1 else "" if digests else None
        return State(bool(rows) or isinstance(self.layout, Graphs), digest)

    def _replace(self, unit: Unit, state: State) -> None:
        bounds, is_told = (
            self.way.bounds,
            may_change(chain.from_iterable(unit.graphs.values()), self.way.kind),
        )
        if is_told and not fits_updates(unit.quads, self.way.kind):
            bounds = replace(bounds, insert=0)
        for step in replacing(unit, self.layout, bounds, state):
            self.way.carry_out(step)
        if is_told:
            self.changed.update(changed(unit.quads, self.way.kind, self.datatypes()))
        is_finished = is_one_step(unit, self.layout, bounds, state)
        if self.way.is_checked or not is_finished:
            patterns = {
                graph: self.layout.pattern(unit.name, graph, is_article=unit.is_article)
                for graph in unit.graphs
            }
            expected = dict(zip(unit.graphs, self.layout.expected(unit), strict=True))
            self._sent.append(_Sent(unit.name, unit.digest, is_finished, expected, patterns))
        if len(self._sent) >= _MOST_WAITING:
            self.finish()

    def _found(self, sent: Sequence[_Sent]) -> Iterator[tuple[_Sent, int]]:
        """Yield each unit with the number of its triples in the store."""
        if isinstance(self.layout, Graphs) and sent:
            rows = self.way.target.solutions(sizes(graph for unit in sent for graph in unit.expected))
            numbers = {row["graph"].value: int(row["n"].value) for row in rows if row["graph"] is not None}
            yield from ((unit, sum(numbers.get(graph, 0) for graph in unit.expected)) for unit in sent)
            return
        for unit in sent:
            [row] = self.way.target.solutions(counting(unit.patterns.values()))
            yield unit, sum(int(row[f"n{number}"].value) for number in range(len(unit.patterns)))
