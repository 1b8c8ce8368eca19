"""Loading: each unit new, in place of an older one, or left as it is; counted, compared, and resumed after a failure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError, StoreError
from ..rdf import EVIDENCE
from .forms import changed, fits_updates
from .layout import Merged, counting
from .plan import Bounds, Check, Transfer, Update, forgetting, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pyoxigraph import Literal

    from .layout import Layout
    from .units import Unit


class Target(Protocol):
    """A store to ask."""

    def solutions(self, query: str) -> Iterable[Any]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How steps get into a store: what is sent at once, what sends it, and whether the store is asked for its counts afterwards.

    ``kind`` is the store's kind (`Profile.kind`), ``name`` what messages call it.
    """

    name: str
    kind: str
    target: Target
    bounds: Bounds
    carry_out: Callable[[Update | Transfer], None]
    is_checked: bool = True


@dataclass
class Loading:
    """A run of loads into a store in one layout. ``is_fresh`` tells that the store has no digest, so that none is asked for."""

    way: Way
    layout: Layout
    is_fresh: bool = False
    datatypes: Mapping[str, str] = field(default_factory=dict)
    changed: Counter[Literal] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def load(self, unit: Unit) -> str:
        """Load a unit and return what became of it: ``new``, ``replaced``, ``finished`` (an unfinished load) or ``unchanged``.

        Raises:
            InputError: the unit came before, or lacks the evidence that the layout ``merged`` needs.
            StoreError: the store fails, or holds another number of triples afterwards.
        """
        if unit.name in self._seen:
            raise InputError("came before in this call", term=unit.name, hint="give each article once")
        self._seen.add(unit.name)
        self._refuse_unsupported(unit)
        is_there, digest = self._state(unit.name)
        if digest == unit.digest:
            outcome = "unchanged"
        else:
            outcome = "replaced" if digest else "finished" if is_there and isinstance(self.layout, Merged) else "new"
            self._replace(unit, is_there=is_there, is_whole=digest is not None)
        return outcome

    def _refuse_unsupported(self, unit: Unit) -> None:
        if isinstance(self.layout, Merged) and unit.is_article and unit.name + EVIDENCE not in unit.graphs:
            hint = "load it with evidence, or with --layout graphs"
            raise InputError("in one graph, nothing but evidence tells its facts from those of other articles", term=unit.name, hint=hint)

    def _state(self, name: str) -> tuple[bool, str | None]:
        """Whether something of a unit may be there, and its digest; in graphs of its own it is removed unasked."""
        if self.is_fresh and not isinstance(self.layout, Merged):
            return True, None
        rows = list(self.way.target.solutions(self.layout.state(name)))
        digests = sorted(row["digest"].value for row in rows if row["digest"] is not None)
        return bool(rows) or not isinstance(self.layout, Merged), digests[0] if len(digests) == 1 else None

    def _replace(self, unit: Unit, *, is_there: bool, is_whole: bool) -> None:
        bounds = self.way.bounds if fits_updates(unit.quads, self.way.kind) else replace(self.way.bounds, insert=0)
        for step in replacing(unit, self.layout, bounds, is_there=is_there, is_whole=is_whole):
            if not isinstance(step, Check):
                self.way.carry_out(step)
            elif self.way.is_checked:
                self._compare(unit)
        self.changed.update(changed(unit.quads, self.way.kind, self.datatypes))

    def _compare(self, unit: Unit) -> None:
        expected = self.layout.expected(unit)
        patterns = (self.layout.pattern(unit.name, graph, is_article=unit.is_article) for graph in unit.graphs)
        [row] = self.way.target.solutions(counting(patterns))
        found = [int(row[f"n{i}"].value) for i in range(len(expected))]
        if found != expected:
            self.way.carry_out(Update(forgetting(unit.name, self.layout)))
            message = f"holds {sum(found)} triples of {sum(expected)} afterwards"
            hint = "the load counts as unfinished; see the store's log, and run the same command again"
            raise StoreError(message, file=self.way.name, term=unit.name, hint=hint)
