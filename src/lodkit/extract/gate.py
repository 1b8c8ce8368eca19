"""The gate in front of every statement: what the shapes of its property refuse is never asserted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.graph import RDF
from ..shacl import alone, refusals
from ..statement import Modality, Statement
from .context import Context, Skipped

if TYPE_CHECKING:
    from ..domain import Domain

Term = NamedNode | Literal
Types = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it is made: the key of the property shape that it was read by, if by any, and why
    its words are no value of the datatypes asked for, if they are none.
    """

    statement: Statement
    shape: str = ""
    reason: str = ""


def passed(context: Context, types: Types, drafts: Iterable[Draft]) -> list[Statement]:
    """Return statements as they may be made, in their order: one whose triple a property shape refuses,
    alone as it is, is rejected, with its words as object, and the reason is told.

    It is judged by the shape that it was read by, and by all that the classes of its subject have for its
    property. ``types`` are the classes of the nodes that the article speaks of, by their IRIs; what the
    ontology speaks of has those that it says.
    """
    drafts = list(drafts)
    reasons = _refusals(context.domain, types, drafts)
    return [_outcome(context, draft, reason) for draft, reason in zip(drafts, reasons, strict=True)]


def _outcome(context: Context, draft: Draft, reason: str) -> Statement:
    statement = draft.statement
    if not reason:
        return statement
    span = statement.object_span or statement.span
    context.skipped.append(Skipped(span, reason, "value", statement.rule.value))
    return replace(statement, object=Literal(span.of(context.text)), modality=Modality.REJECTED)


def _refusals(domain: Domain, types: Types, drafts: Sequence[Draft]) -> list[str]:
    """Why each draft is refused; the values of a shape are judged together."""
    keys = [_shapes_of(domain, types, draft) for draft in drafts]
    values: dict[str, dict[Term, str]] = {}
    for draft, own in zip(drafts, keys, strict=True):
        for key in own:
            values.setdefault(key, {})[draft.statement.object] = ""
    run = alone(domain.shapes, partial(_is_a, domain, types))
    for key, judged in values.items():
        found = refusals(run, domain.shapes, key, judged)
        for value in judged.keys() & found.keys():
            judged[value] = f"{_shown(domain, value)}: {found[value].messages[0].value}"
    return [
        draft.reason or next(filter(None, (values[key][draft.statement.object] for key in own)), "")
        for draft, own in zip(drafts, keys, strict=True)
    ]


def _shown(domain: Domain, term: Term) -> str:
    return repr(term.value) if isinstance(term, Literal) else domain.compact(term.value)


def _is_a(domain: Domain, types: Types, node: object, cls: object) -> bool:
    iri = node.value if isinstance(node, NamedNode) else ""
    kinds = types.get(iri) or domain.graph.iris(iri, RDF + "type")
    return isinstance(cls, NamedNode) and any(domain.is_a(kind, cls.value) for kind in kinds)


def _shapes_of(domain: Domain, types: Types, draft: Draft) -> tuple[str, ...]:
    """The keys of the property shapes that a statement has to satisfy, its own first."""
    statement = draft.statement
    if draft.reason or statement.modality is Modality.REJECTED:
        return ()
    kinds = frozenset(types.get(statement.subject.value, ()))
    others = _shapes_for(domain, kinds, statement.predicate.value)
    return tuple(dict.fromkeys((draft.shape, *others))) if draft.shape else others


@lru_cache(maxsize=4096)
def _shapes_for(domain: Domain, kinds: frozenset[str], path: str) -> tuple[str, ...]:
    above = dict.fromkeys(cls for kind in sorted(kinds) for cls in domain.ancestors.get(kind, (kind,)))
    return tuple(shape.iri for cls in above for shape in domain.properties_of(cls) if shape.path == path)
