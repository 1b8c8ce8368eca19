"""Results of an engine as a report has them: terms with their short names, one message, what was allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

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
    ``expected`` what the constraint allows; ``more``, ``more_details`` and
    ``more_expected`` count what is not given.
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
    more_expected: int = 0


def finding_of(result: ValidationResult, domain: Domain, known: Known) -> Finding:
    """Return a result of an engine as a finding; ``known`` is what constraints were found to allow so far."""
    constraint = result.constraint
    # The constraint is kept with what it allows, so that no other one gets its id.
    if id(constraint) not in known:
        known[id(constraint)] = constraint, expected(constraint, domain)
    allowed, more = known[id(constraint)][1]
    return Finding(
        result.focus,
        _path(result.path),
        result.value,
        message_of(result.messages),
        severity_of(result.severity),
        domain.graph.named(result.shape.key),
        result.component,
        allowed,
        result.made_by,
        tuple(finding_of(detail, domain, known) for detail in result.details),
        None if plain(result.path) else result.path,
        result.more,
        result.more_details,
        more,
    )


def _path(path: Path | None) -> str | None:
    """An IRI as it is, anything else as a SPARQL property path."""
    if path is None:
        return None
    predicate = plain(path)
    return path_text(path) if predicate is None else predicate.value


def place_of(node: BlankNode, domain: Domain) -> str:
    """Return what a nameless node of the shapes is to people: what holds it, or where it stands."""
    about = domain.graph.named(str(node))
    if not about.startswith("_:"):
        return f"within {domain.compact(about)}"
    file, line = domain.graph.place(str(node))
    return f"at {file}:{line}" if file else "without a name"


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
"""How many words say what a constraint allows; the others are counted."""

Expected = tuple[tuple[str, ...], int]
"""The first words that say what a constraint allows, and how many there are besides."""


Known = dict[int, tuple["Constraint", Expected]]
"""What constraints allow, by their ids: a list may be as long as the data, and be broken by each of them."""


def expected(constraint: Constraint, domain: Domain) -> Expected:
    """Return what a constraint allows, as CURIEs and texts: of ``sh:datatype`` the value, of ``sh:in`` the
    members, of ``sh:or`` what the shapes ask for; of much the beginning.
    """
    name = constraint.component.removeprefix(SH).removesuffix("ConstraintComponent")
    local = name[:1].lower() + name[1:]
    if local == "uniqueLang":
        return (), 0
    words = _of_shape if local in _SHAPES else _of_term
    found = list(dict.fromkeys(word for term in constraint.members(local) for word in words(term, domain)))
    return tuple(found[:MOST_EXPECTED]), max(0, len(found) - MOST_EXPECTED)


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
