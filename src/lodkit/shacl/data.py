"""A data graph (SHACL §1.1) as an index of terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ..domain.graph import Term

Plain = tuple["Term", NamedNode, "Term"]
"""A triple taken apart: the engine's own makes its terms anew whenever it is."""

Index = dict[NamedNode, dict["Term", list["Term"]]]

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")

_NONE: Mapping[Term, list[Term]] = {}


@dataclass(frozen=True)
class Data:
    """Triples by predicate and subject, each once, in the order in which they came.

    ``background`` are the subjects that an ontology describes and the data do not: values may have to be of
    their class, but no class makes them focus nodes.
    """

    forward: Index = field(repr=False)
    background: frozenset[Term] = field(repr=False)
    triples: tuple[Triple | Plain, ...] = field(repr=False)
    _backward: Index = field(default_factory=dict, repr=False)
    _said: dict[Term, list[NamedNode]] = field(default_factory=dict, repr=False)
    _above: dict[Term, frozenset[Term]] = field(default_factory=dict, repr=False)
    _instances: dict[Term, dict[Term, None]] = field(default_factory=dict, repr=False)

    def objects(self, predicate: NamedNode) -> Mapping[Term, Sequence[Term]]:
        """Return the objects of a predicate by their subjects."""
        return self.forward.get(predicate, _NONE)

    def subjects(self, predicate: NamedNode) -> Mapping[Term, Sequence[Term]]:
        """Return the subjects of a predicate by their objects."""
        found = self._backward.get(predicate)
        if found is None:
            found = self._backward[predicate] = {}
            for subject, values in self.forward.get(predicate, _NONE).items():
                for value in values:
                    found.setdefault(value, []).append(subject)
        return found

    def predicates(self, node: Term) -> Sequence[NamedNode]:
        """Return the predicates of a subject."""
        if not self._said:
            for predicate, subjects in self.forward.items():
                for subject in subjects:
                    self._said.setdefault(subject, []).append(predicate)
        return self._said.get(node, ())

    def nodes(self) -> Iterator[Term]:
        """Yield the subjects of the data, each once, without the background."""
        seen = dict.fromkeys(chain.from_iterable(self.forward.values()))
        return (node for node in seen if node not in self.background)

    def is_a(self, node: Term, cls: Term) -> bool:
        """Tell whether a node is a SHACL instance of a class (§1.1): of it or of a subclass."""
        for kind in self.objects(TYPE).get(node, ()):  # noqa: SIM110 (any() takes twice as long, and this is asked most)
            if cls in self._superclasses(kind):
                return True
        return False

    def instances(self, cls: Term) -> Collection[Term]:
        """Return the SHACL instances of a class, each once, the background among them."""
        if not self._instances:
            for kind, nodes in self.subjects(TYPE).items():
                for above in self._superclasses(kind):
                    self._instances.setdefault(above, {}).update(dict.fromkeys(nodes))
        return self._instances.get(cls, ())

    def _superclasses(self, cls: Term) -> frozenset[Term]:
        found = self._above.get(cls)
        if found is None:
            parents = self.objects(SUBCLASS)
            seen, queue = {cls}, [cls]
            while queue:
                new = [parent for parent in parents.get(queue.pop(), ()) if parent not in seen]
                seen.update(new)
                queue += new
            found = self._above[cls] = frozenset(seen)
        return found


def index(triples: Collection[Triple | Plain], background: Iterable[Plain] = ()) -> Data:
    """Index data, which hold each triple once, and what is known besides them of the terms that they use."""
    forward: Index = {}
    _add(forward, triples)
    others = [
        one for one in dict.fromkeys(background) if one[2] not in forward.get(one[1], _NONE).get(one[0], ())
    ]
    subjects = dict.fromkeys(subject for subject, _, _ in others)
    strange = [node for node in subjects if not any(node in said for said in forward.values())]
    _add(forward, others)
    return Data(forward, frozenset(strange), (*triples, *others))


def _add(forward: Index, triples: Iterable[Triple | Plain]) -> None:
    for subject, predicate, value in triples:
        of_predicate = forward.get(predicate)
        if of_predicate is None:
            of_predicate = forward[predicate] = {}
        values = of_predicate.get(subject)
        if values is None:
            of_predicate[subject] = [value]
        else:
            values.append(value)
