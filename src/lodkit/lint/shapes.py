"""What a shapes file can get wrong without any validator saying so: shapes that never fire, lists of what is
not there, comparisons that cannot be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..domain.graph import SH, key_of
from ..domain.shapes import without_effect
from ..xsd import kind_of
from .terms import like

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..errors import DomainError
    from .model import Checked

_REFERENCES = (
    *("property", "node", "not", "qualifiedValueShape", "and", "or", "xone"),
    *("parameter", "targetShape", "condition"),
)
_NUMBERS = frozenset({"decimal", "float", "double"})


def idle(checked: Checked) -> Iterator[DomainError]:
    """Yield shapes that nothing leads to: no target, no other shape, not a class."""
    referrers = _referrers(checked)
    kinds = (SH + "NodeShape", SH + "PropertyShape")
    typed = {iri for kind in kinds for iri in checked.graph.instances.get(kind, ())}
    for key, shape in checked.shapes.shapes.items():
        if not shape.targets and key not in referrers and (key in typed or not key.startswith("_:")):
            message = "shape has no target and no other shape refers to it"
            yield checked.error(message, key, hint="it never fires")
    shapes = frozenset(checked.shapes.shapes)
    for key, (owner, predicate) in referrers.items():
        if key not in checked.graph.triples:
            proposed = like(key, shapes, checked)
            message = "shape is referred to but not described"
            yield checked.error(message, owner, word=key, predicate=predicate, hint=proposed)


def half(checked: Checked) -> Iterator[DomainError]:
    """Yield parameters that say nothing because another one is missing."""
    for key, parameter, lacking in without_effect(checked.shapes):
        message = f"says nothing without {checked.compact(lacking)}"
        yield checked.error(message, key, word=parameter, predicate=parameter)


def _referrers(checked: Checked) -> dict[str, tuple[str, str]]:
    """A shape that refers to each shape that one refers to, and by which property."""
    found: dict[str, tuple[str, str]] = {}
    for subject, predicates in checked.graph.triples.items():
        for predicate in (SH + name for name in _REFERENCES):
            for value in predicates.get(predicate, ()):
                for member in checked.graph.collection(value) or [value]:
                    found.setdefault(key_of(member), (subject, predicate))
    return dict(sorted(found.items()))


def lists(checked: Checked) -> Iterator[DomainError]:
    """Yield values of ``sh:in`` of which the domain says nothing."""
    for subject, predicates in checked.graph.triples.items():
        members = [m for head in predicates.get(SH + "in", ()) for m in checked.graph.collection(head)]
        for member in members:
            if (
                isinstance(member, NamedNode)
                and member.value not in checked.described
                and not member.value.startswith(SH)
            ):
                hint = like(member.value, checked.described, checked)
                message = "value of sh:in is not described in ontology/"
                yield checked.error(message, subject, word=member.value, predicate=SH + "in", hint=hint)


def comparisons(checked: Checked) -> Iterator[DomainError]:
    """SHACL §4.5.3: values that cannot be compared violate ``sh:lessThan``, and a year cannot be compared
    with a day, nor a text with a number.
    """
    graph = checked.graph
    for shape, predicates in graph.triples.items():
        if not (SH + "lessThan" in predicates or SH + "lessThanOrEquals" in predicates):
            continue
        options = [m for head in graph.objects(shape, SH + "or") for m in graph.collection(head)]
        datatypes = {d for node in (shape, *map(key_of, options)) for d in graph.iris(node, SH + "datatype")}
        kinds = {"a number" if kind in _NUMBERS else kind for kind in map(kind_of, datatypes) if kind}
        if len(kinds) > 1:
            hint = "compare years in sh:sparql instead"
            message = "sh:lessThan on values of several types, which cannot be compared"
            yield checked.error(message, shape, hint=hint)
