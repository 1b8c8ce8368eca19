"""Results of an engine as a report has them: terms with their short names, one message, what was allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..domain.graph import key_of
from ..domain.shapes import path_text, plain
from .report import SH, Severity, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from ..domain import Domain
    from ..domain.shapes import Constraint, Path
    from ..shacl import ValidationResult


@dataclass(frozen=True, slots=True)
class Finding:
    """A result before it is joined to a place; ``shape`` is the IRI of the nearest shape with a name,
    ``expected`` what the constraint allows; ``more`` and ``more_details`` count what is not given.
    """

    focus_node: Term
    path: str | None
    value: Term | None
    message: str
    severity: Severity
    shape: str
    component: str
    expected: tuple[str, ...] = ()
    made_by: Triple | None = None
    details: tuple[Finding, ...] = ()
    steps: Path | None = None
    more: int = 0
    more_details: int = 0


def finding_of(result: ValidationResult, domain: Domain) -> Finding:
    """Return a result of an engine as a finding."""
    return Finding(
        result.focus,
        _path(result.path),
        result.value,
        message_of(result.messages),
        severity_of(result.severity),
        domain.graph.named(result.shape.key),
        result.component,
        expected(result.constraint, domain),
        result.made_by,
        tuple(finding_of(detail, domain) for detail in result.details),
        None if plain(result.path) else result.path,
        result.more,
        result.more_details,
    )


def _path(path: Path | None) -> str | None:
    """An IRI as it is, anything else as a SPARQL property path."""
    if path is None:
        return None
    predicate = plain(path)
    return path_text(path) if predicate is None else predicate.value


def message_of(messages: Iterable[Literal]) -> str:
    """Return the message in English, if there is one; of several the first by code points."""
    ranked = sorted((not (text.language or "en").startswith("en"), text.value) for text in messages)
    return " ".join(ranked[0][1].split()) if ranked else ""


def severity_of(iri: str) -> Severity:
    """Return the severity that an IRI stands for; unknown ones, which SHACL allows, count as violations."""
    name = iri.removeprefix(SH)
    return Severity(name) if name in tuple(Severity) else Severity.VIOLATION


_PARTS = ("datatype", "class", "nodeKind", "hasValue")
_SHAPES = ("or", "xone", "and", "node", "not")


MOST_EXPECTED = 20
"""How many words say what a constraint allows; behind them comes ``…`` where it allows more."""


def expected(constraint: Constraint, domain: Domain) -> tuple[str, ...]:
    """Return what a constraint allows, as CURIEs and texts: of ``sh:datatype`` the value, of ``sh:in`` the
    members, of ``sh:or`` what the shapes ask for; of much the beginning.
    """
    name = constraint.component.removeprefix(SH).removesuffix("ConstraintComponent")
    local = name[:1].lower() + name[1:]
    if local == "uniqueLang":
        return ()
    words = _of_shape if local in _SHAPES else _of_term
    some = constraint.members(local)[
        : 2 * MOST_EXPECTED
    ]  # of a list as long as all the data, for each result
    found = list(dict.fromkeys(word for term in some for word in words(term, domain)))
    is_more = len(found) > MOST_EXPECTED or len(constraint.members(local)) > len(some)
    return (*found[:MOST_EXPECTED], *(["…"] if is_more else []))


def _of_shape(term: Term, domain: Domain) -> Iterator[str]:
    shape = domain.shapes.at(term)
    parts = [value for name in _PARTS for value in shape.values(name)]
    for value in parts or [term]:
        yield from _of_term(value, domain)


def _of_term(term: Term, domain: Domain) -> Iterator[str]:
    if isinstance(term, NamedNode):
        yield domain.compact(key_of(term))
    elif isinstance(term, Literal):
        yield term.value
