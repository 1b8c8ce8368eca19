"""What a validation found, as frozen values, JSON and RDF (SHACL §3.6, ``sh:ValidationReport``)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from ..statement import BASE, short_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..domain.shapes import Path

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Term = NamedNode | BlankNode | Literal | Triple

MOST_RESULTS = 100
"""How many results of one shape at one focus node a report shows; the others are counted."""

MOST_PLACES = 100
"""How many places of one result a report gives; the others are counted."""


class Severity(StrEnum):
    """How bad a result is (SHACL §2.1.4); only violations make data not conform."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @property
    def at_least(self) -> tuple[Severity, ...]:
        """This severity and those that are worse."""
        ranked = tuple(Severity)
        return ranked[: ranked.index(self) + 1]


@dataclass(frozen=True, slots=True)
class ResultPlace:
    """A place in an article: line and column from 1, columns in code points; ``key`` is the key of its row.

    ``begin`` is its offset in code points. ``text`` is its line, of a long one the part around it, in which
    its words begin at ``indent`` (from 0) and are ``width`` code points long.
    """

    iri: str
    file: str
    line: int
    column: int
    quote: str
    key: str = ""
    text: str | None = None
    indent: int = 0
    width: int = 0
    begin: int | None = None

    @property
    def words(self) -> str:
        """The quote, of a row's value with its key."""
        return f"{self.key}: {self.quote}" if self.key else self.quote


@dataclass(frozen=True, slots=True)
class Result:
    """One ``sh:ValidationResult``; ``path`` is an IRI or a SPARQL property path of ``<IRI>``s, ``expected``
    what the constraint allows, ``more_places`` how many places there are besides those given.

    ``made_by`` is the triple because of which the focus node is one (SHACL §2.1.3.4, §2.1.3.5), ``details``
    are the results of the shapes that were asked of it (``sh:detail``). ``steps`` is a path that is no IRI.
    ``more`` counts the results of the same constraint at the same node that are not given, ``more_details``
    and ``more_expected`` what ``details`` and ``expected`` lack.
    """

    focus_node: Term
    path: str | None
    value: Term | None
    message: str
    severity: Severity
    source_shape: str
    component: str
    expected: tuple[str, ...] = ()
    label: str | None = None
    places: tuple[ResultPlace, ...] = ()
    more_places: int = 0
    made_by: Triple | None = None
    details: tuple[Result, ...] = ()
    steps: Path | None = None
    more: int = 0
    more_details: int = 0
    more_expected: int = 0

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that a report shows of it."""
        others = (self.made_by.subject, self.made_by.predicate, self.made_by.object) if self.made_by else ()
        return (self.focus_node, *(() if self.value is None else (self.value,)), *others)

    @property
    def order(self) -> tuple[object, ...]:
        """The key that reports are sorted by: severity, place, then terms."""
        place = self.places[0] if self.places else None
        where = (place.file, place.line, place.column) if place else ("", 0, 0)
        severity = tuple(Severity).index(self.severity)
        return (
            severity,
            *where,
            str(self.focus_node),
            self.path or "",
            str(self.value or ""),
            self.source_shape,
            self.component,
            self.message,
        )


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """How many focus nodes a shape with targets found, and how many of them did not conform to it."""

    shape: str
    targets: int
    failed: int

    @property
    def passed(self) -> int:
        """How many conform."""
        return self.targets - self.failed


@dataclass(frozen=True, slots=True)
class ShapeText:
    """What a shape says for people (SHACL §2.3.2): ``sh:name``, ``sh:description`` or else ``sh:message``,
    and its severity.
    """

    name: str = ""
    description: str = ""
    severity: Severity = Severity.VIOLATION


@dataclass(frozen=True, slots=True)
class UnknownProperty:
    """A property that no shape knows, how many of the nodes that shapes looked at have it, and one that
    does.
    """

    predicate: str
    nodes: int
    example: Term


@dataclass(frozen=True, slots=True)
class Report:
    """The results, most severe first; ``focus_nodes`` counts the nodes that shapes looked at; ``located``:
    evidence was there; ``left_out`` counts the results beyond `MOST_RESULTS` of a shape at a node.

    ``shapes`` tells how each shape with targets fared, ``uncovered`` are nodes that no shape looked at,
    ``unknown`` properties that no shape knows; ``engine`` is who validated, ``note`` why it was not the
    usual one. ``left_out_of`` counts the results that are left out by their shapes, ``texts`` is what shapes
    with results or targets say for people. ``of_article``: the data were read from articles; ``is_strict``:
    what the shapes did not look at counts as an error.
    """

    results: tuple[Result, ...]
    focus_nodes: int
    located: bool
    compact: Mapping[str, str]
    left_out: Mapping[Severity, int] = field(default_factory=dict)
    shapes: tuple[ShapeCount, ...] = ()
    uncovered: tuple[Term, ...] = ()
    unknown: tuple[UnknownProperty, ...] = ()
    engine: str = "lodkit"
    note: str | None = None
    left_out_of: Mapping[str, Mapping[Severity, int]] = field(default_factory=dict)
    texts: Mapping[str, ShapeText] = field(default_factory=dict)
    of_article: bool = True
    is_strict: bool = False

    def passes(self, fail_on: Severity = Severity.VIOLATION) -> bool:
        """Tell whether the data conform and no result is as bad as ``fail_on`` or worse."""
        return self.focus_nodes > 0 and not self.fails(fail_on)

    def fails(self, fail_on: Severity = Severity.VIOLATION) -> bool:
        """Tell whether there is a violation, or a result as bad as ``fail_on``; that nothing was checked is
        none of them.
        """
        counts = self.counts
        bad = {Severity.VIOLATION, *fail_on.at_least}
        return self.has_gaps or any(counts[severity] for severity in bad)

    def __repr__(self) -> str:
        found = ", ".join(f"{count} {severity.lower()}" for severity, count in self.counts.items() if count)
        nodes = f"nodes checked: {self.focus_nodes}"
        return f"<{type(self).__name__}: {self.verdict}; {nodes}; results: {found or 0}>"

    @property
    def has_gaps(self) -> bool:
        """Whether it is strict, and the shapes did not look at all nodes and properties."""
        return self.is_strict and bool(self.uncovered or self.unknown)

    @property
    def conforms(self) -> bool:
        """False if there is a violation or nothing was checked; warnings do not count."""
        return self.focus_nodes > 0 and not self.counts[Severity.VIOLATION] and not self.has_gaps

    @property
    def verdict(self) -> str:
        """In words: that nothing was checked is neither of the others."""
        if not self.focus_nodes:
            return "nothing was checked"
        return "conforms" if self.conforms else "does not conform"

    @property
    def idle(self) -> tuple[str, ...]:
        """The shapes with targets that found no focus node."""
        return tuple(count.shape for count in self.shapes if not count.targets)

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of results by severity, those left out too."""
        return {
            severity: sum(result.severity is severity for result in self.results)
            + self.left_out.get(severity, 0)
            for severity in Severity
        }

    def name(self, iri: str) -> str:
        """Return an IRI or property path of this report with CURIEs where the domain has prefixes."""
        return self.compact.get(iri) or re.sub(
            r"<([^<>]*)>", lambda found: self.compact.get(found[1], found[0]), iri
        )

    def term(self, term: Term) -> str:
        """Return a term as it would stand in Turtle."""
        if isinstance(term, NamedNode):
            return self.compact.get(term.value, str(term))
        if isinstance(term, Literal) and not term.language and term.datatype.value != XSD + "string":
            return f"{Literal(term.value)}^^{self.compact.get(term.datatype.value, str(term.datatype))}"
        return str(term)


def merged(reports: Sequence[Report]) -> Report:
    """Return one report on data sets that were validated each by itself, of which there is at least one.

    >>> report = Report((), 2, True, {}, shapes=(ShapeCount("x:S", 2, 1),))
    >>> merged([report, report]).shapes
    (ShapeCount(shape='x:S', targets=4, failed=2),)
    """
    first, *others = reports
    if not others:
        return first
    sums: dict[str, ShapeCount] = {}
    unknown: dict[str, UnknownProperty] = {}
    left_out: Counter[Severity] = Counter()
    left_out_of: dict[str, Counter[Severity]] = {}
    for report in reports:
        for one in report.shapes:
            known = sums.get(one.shape, ShapeCount(one.shape, 0, 0))
            sums[one.shape] = ShapeCount(one.shape, known.targets + one.targets, known.failed + one.failed)
        for other in report.unknown:
            before = unknown.get(other.predicate, replace(other, nodes=0))
            unknown[other.predicate] = replace(before, nodes=before.nodes + other.nodes)
        left_out.update(report.left_out)
        for shape, counts in report.left_out_of.items():
            left_out_of.setdefault(shape, Counter()).update(counts)
    return replace(
        first,
        results=tuple(sorted(chain.from_iterable(one.results for one in reports), key=lambda r: r.order)),
        focus_nodes=sum(one.focus_nodes for one in reports),
        located=any(one.located for one in reports),
        compact=dict(chain.from_iterable(one.compact.items() for one in reports)),
        left_out=left_out,
        shapes=tuple(sums.values()),
        uncovered=tuple(dict.fromkeys(chain.from_iterable(one.uncovered for one in reports))),
        unknown=tuple(unknown.values()),
        note=next((one.note for one in reports if one.note), None),
        left_out_of=left_out_of,
        texts=dict(chain.from_iterable(one.texts.items() for one in reports)),
        of_article=any(one.of_article for one in reports),
        is_strict=any(one.is_strict for one in reports),
    )


def report_json(report: Report) -> dict[str, object]:
    """Return a report as values that ``json.dumps`` takes."""
    return {
        "conforms": report.conforms,
        "verdict": report.verdict,
        "focusNodes": report.focus_nodes,
        "located": report.located,
        "counts": {severity.value.lower(): count for severity, count in report.counts.items()},
        "leftOut": {severity.value.lower(): report.left_out.get(severity, 0) for severity in Severity},
        "engine": report.engine,
        "note": report.note,
        "shapes": [
            {"shape": one.shape, "targets": one.targets, "passed": one.passed, "failed": one.failed}
            for one in report.shapes
            if one.targets
        ],
        "idleShapes": list(report.idle),
        "uncoveredNodes": list(map(_plain, report.uncovered)),
        "unknownProperties": [
            {"property": one.predicate, "nodes": one.nodes, "example": _plain(one.example)}
            for one in report.unknown
        ],
        "results": [_result_json(report, result) for result in report.results],
    }


def _result_json(report: Report, result: Result) -> dict[str, object]:
    return {
        "severity": result.severity.value.lower(),
        "message": result.message,
        "focusNode": _plain(result.focus_node),
        "label": result.label,
        "path": result.path,
        "value": None if result.value is None else report.term(result.value),
        "sourceShape": result.source_shape,
        "component": result.component,
        "expected": list(result.expected),
        **({"moreExpected": result.more_expected} if result.more_expected else {}),
        "places": [
            {
                "iri": p.iri,
                "file": p.file,
                "line": p.line,
                "column": p.column,
                "quote": p.quote,
                "key": p.key or None,
            }
            for p in result.places
        ],
        "morePlaces": result.more_places,
        "madeBy": None if result.made_by is None else str(result.made_by),
        "details": [_result_json(report, detail) for detail in result.details],
        **({"moreDetails": result.more_details} if result.more_details else {}),
    }


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def report_rdf(report: Report, *, base: str = BASE + "report/") -> Iterator[Quad]:
    """Yield a report as a ``sh:ValidationReport`` whose nodes are all named by content; paths that are no
    IRI stay out. Data conform in the sense of SHACL §3.6.1.1 only where there is no result of any severity.
    """
    names = [
        short_hash((str(r.focus_node), r.path or "", str(r.value), r.source_shape, r.component, r.message))
        for r in report.results
    ]
    node = NamedNode(base + short_hash((str(report.focus_nodes), *names)))
    yield Quad(node, NamedNode(RDF + "type"), NamedNode(SH + "ValidationReport"))
    yield Quad(node, NamedNode(SH + "conforms"), Literal(not any(report.counts.values())))
    for name, result in zip(names, report.results, strict=True):
        item = NamedNode(base + name)
        yield Quad(node, NamedNode(SH + "result"), item)
        yield from _described(item, result)


def _described(item: NamedNode, result: Result) -> Iterator[Quad]:
    """A result and the results within it."""
    queue = [(item, result)]
    while queue:
        node, one = queue.pop()
        for predicate, value in _properties(one):
            yield Quad(node, NamedNode(predicate), value)
        for number, detail in enumerate(one.details):
            inner = NamedNode(f"{node.value}.{number}")
            yield Quad(node, NamedNode(SH + "detail"), inner)
            queue.append((inner, detail))


def _properties(result: Result) -> Iterator[tuple[str, NamedNode | BlankNode | Literal]]:
    yield RDF + "type", NamedNode(SH + "ValidationResult")
    if not isinstance(result.focus_node, Triple):
        yield SH + "focusNode", result.focus_node
    if result.path and "<" not in result.path:
        yield SH + "resultPath", NamedNode(result.path)
    if result.value is not None and not isinstance(result.value, Triple):
        yield SH + "value", result.value
    yield SH + "resultMessage", Literal(result.message)
    yield SH + "resultSeverity", NamedNode(SH + result.severity.value)
    yield SH + "sourceShape", _node(result.source_shape)
    yield SH + "sourceConstraintComponent", NamedNode(result.component)
    for place in result.places:
        yield PROV + "wasDerivedFrom", NamedNode(place.iri)


def _node(key: str) -> NamedNode | BlankNode:
    return BlankNode(key[2:]) if key.startswith("_:") else NamedNode(key)
