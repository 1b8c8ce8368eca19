"""SHACL over the facts of some data, each result at its place in the article (SHACL:
https://www.w3.org/TR/shacl/).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from ..statement import BASE
from .contract import check_contract
from .engines import Checked, Engine, check, chosen, without_collections
from .findings import Finding, message_of, place_of, severity_of
from .graphs import split, text_of
from .places import LABEL, Evidence, read_evidence
from .render import render
from .report import (
    MOST_RESULTS,
    SH,
    Report,
    Result,
    ResultPlace,
    Severity,
    ShapeCount,
    ShapeText,
    Term,
    merged,
    report_json,
    report_rdf,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ..domain import Domain
    from ..source import Article
    from .graphs import Triples

_LABEL = NamedNode(LABEL)

__all__ = [
    "Engine",
    "Report",
    "Result",
    "ResultPlace",
    "Severity",
    "merged",
    "render",
    "report_json",
    "report_rdf",
    "validate",
]


def validate(
    quads: Iterable[Quad],
    domain: Domain,
    *,
    articles: Mapping[str, Article] | None = None,
    evidence: bool = False,
    is_foreign: bool = False,
    engine: Engine = Engine.BEST,
) -> Report:
    """Validate the facts of some data against a domain's shapes.

    ``quads`` is a data set with facts and evidence, or one graph in which both are merged. ``articles``
    gives the article of a document's IRI, for source lines. That facts and statements answer to each other
    and quotes are what the article says is always checked; ``evidence`` also validates the evidence by
    shapes, which takes longer than the facts.

    ``is_foreign`` tells that the data were not made by lodkit in this run: like the shapes of others, their
    queries are then evaluated in the sandbox.

    Raises:
        DomainError: a shape cannot be used.
        LimitError: shapes or data take too much.
        InputError: a term is a triple (RDF 1.2).
    """
    used, note = chosen(engine, domain)
    with without_collections(unless=used is Engine.PYSHACL):
        return _validated(
            quads, domain, articles or {}, (used, note), evidence=evidence, is_foreign=is_foreign
        )


def _validated(
    quads: Iterable[Quad],
    domain: Domain,
    articles: Mapping[str, Article],
    engine: tuple[Engine, str | None],
    *,
    evidence: bool,
    is_foreign: bool,
) -> Report:
    facts, records = split(quads)
    readings = read_evidence(records, articles)
    used, note = engine
    # For shapes alone all data are one graph: they may be about evidence as about anything else.
    is_one = domain.is_shapes_only
    checked = check((*facts, *records) if is_one else facts, domain, used, is_foreign=is_foreign)
    findings = list(checked.findings)
    if readings.readings and not is_one:
        findings += check_contract(facts, readings)
    counts = checked.counts
    if evidence and not is_one:
        of_records = check(records, domain, used, is_foreign=is_foreign, is_covered=False)
        findings += of_records.findings
        counts = _sums(counts, of_records.counts)
    named = ((s, o) for s, p, o in facts if p == _LABEL)
    labels = {
        s: text_of(o) for s, o in sorted(named, key=lambda pair: (str(pair[0]), str(pair[1])), reverse=True)
    }
    shown, left_out_of = _first(_once(_result(finding, readings, labels) for finding in findings))
    left_out: Counter[Severity] = Counter()
    for of_shape in left_out_of.values():
        left_out.update(of_shape)
    return Report(
        shown,
        checked.focus_nodes,
        bool(readings.readings),
        _names(shown, checked, domain),
        left_out,
        counts,
        _of_facts(checked.uncovered, readings),
        checked.unknown,
        used.value,
        note,
        left_out_of,
        _texts({*(one.source_shape for one in shown), *(one.shape for one in counts)}, domain),
        bool(articles or readings.readings) or _is_built(facts),
    )


def _sums(counts: Sequence[ShapeCount], others: Sequence[ShapeCount]) -> tuple[ShapeCount, ...]:
    """How shapes fared in two graphs together."""
    pairs = zip(counts, others, strict=True)
    return tuple(ShapeCount(a.shape, a.targets + b.targets, a.failed + b.failed) for a, b in pairs)


def _of_facts(nodes: Collection[Term], evidence: Evidence) -> tuple[Term, ...]:
    """Nodes that are not evidence, which shapes for the facts need not look at."""
    return tuple(node for node in nodes if node not in evidence.records)


def _is_built(facts: Triples) -> bool:
    """Tell data that were read from articles by what they are named."""
    return any(isinstance(s, NamedNode) and s.value.startswith(BASE + "id/") for s, _, _ in facts)


def _first(results: Iterable[Result]) -> tuple[tuple[Result, ...], Mapping[str, Mapping[Severity, int]]]:
    """The first results of each shape at each node, and how many are left out, by shape and severity."""
    met: Counter[tuple[str, Term]] = Counter()
    shown: list[Result] = []
    left_out: dict[str, Counter[Severity]] = {}
    for result in results:
        pair = result.source_shape, result.focus_node
        if result.more:
            left_out.setdefault(result.source_shape, Counter())[result.severity] += result.more
        met[pair] += 1
        if met[pair] <= MOST_RESULTS:
            shown.append(result)
        else:
            left_out.setdefault(result.source_shape, Counter())[result.severity] += 1
    return tuple(shown), left_out


def _texts(shapes: Iterable[str], domain: Domain) -> dict[str, ShapeText]:
    """What shapes say for people."""
    found = {}
    for key in sorted(shapes):
        shape = domain.shapes.named(key)
        said = shape.documentation
        queries = [one.query.messages for one in shape.constraints if one.query]
        descriptions = next(filter(None, (said.descriptions, shape.messages, *queries)), ())
        found[key] = ShapeText(message_of(said.names), message_of(descriptions), severity_of(shape.severity))
    return found


def _result(finding: Finding, readings: Evidence, labels: Mapping[Term, str]) -> Result:
    places, more_places = readings.places(finding.focus_node, finding.path, finding.value)
    origin = finding.made_by
    if not places and origin is not None:
        places, more_places = readings.places(origin.subject, origin.predicate.value, origin.object)
    return Result(
        finding.focus_node,
        finding.path,
        finding.value,
        finding.message,
        finding.severity,
        finding.shape,
        finding.component,
        finding.expected,
        labels.get(finding.focus_node),
        places,
        more_places,
        finding.made_by,
        tuple(map(_detail, finding.details)),
        finding.steps,
        finding.more,
        finding.more_details,
        finding.more_expected,
    )


def _detail(finding: Finding) -> Result:
    """A nested result, whose place is that of the one that holds it."""
    return Result(
        finding.focus_node,
        finding.path,
        finding.value,
        finding.message,
        finding.severity,
        finding.shape,
        finding.component,
        finding.expected,
        details=tuple(map(_detail, finding.details)),
        steps=finding.steps,
        more_details=finding.more_details,
        more_expected=finding.more_expected,
    )


# Of several constraints that one value breaks, these say most about it.
_TELLING = frozenset(SH + name + "ConstraintComponent" for name in ("NodeKind", "Datatype", "In", "Pattern"))


def _once(results: Iterable[Result]) -> tuple[Result, ...]:
    """Drop results that say the same of the same: a shape and a superclass's shape, or two components with
    one message. What several constraints of a shape allow is told together.
    """
    kept: dict[tuple[object, ...], Result] = {}
    for result in sorted(results, key=lambda r: (r.component not in _TELLING, r.order)):
        said = result.focus_node, result.path, result.value, result.message, result.severity
        first = kept.setdefault(said, result)
        more = max(first.more, result.more)  # what is left out behind one is behind the other too
        if (first.component, first.source_shape) == (result.component, result.source_shape):
            expected = tuple(dict.fromkeys((*first.expected, *result.expected)))
            unsaid = first.more_expected + result.more_expected * (result.expected != first.expected)
            kept[said] = replace(first, expected=expected, more=more, more_expected=unsaid)
        elif more > first.more:
            kept[said] = replace(first, more=more)
    return tuple(sorted(kept.values(), key=lambda r: r.order))


def _names(results: Iterable[Result], checked: Checked, domain: Domain) -> dict[str, str]:
    iris: set[str] = {count.shape for count in checked.counts} | {one.predicate for one in checked.unknown}
    others = (*checked.uncovered, *(one.example for one in checked.unknown))
    iris |= {name for term in others for name in _iris(term)}
    queue = list(results)
    while queue:
        result = queue.pop()
        queue += result.details
        iris |= {result.source_shape, result.component, *re.findall(r"[^<>\s]{3,}", result.path or "")}
        iris |= {name for term in result.terms for name in _iris(term)}
        iris |= {place.file for place in result.places}
    named = {iri: _name(iri, domain) for iri in iris if iri}
    return {iri: name for iri, name in named.items() if name != iri}


def _iris(term: Term) -> Iterator[str]:
    if isinstance(term, NamedNode):
        yield term.value
    elif isinstance(term, Literal):
        yield term.datatype.value


def _name(iri: str, domain: Domain) -> str:
    """The CURIE of an IRI; entities and articles under the usual base are ``id:`` and ``article:``."""
    if iri.startswith("_:"):
        return f"a shape {place_of(BlankNode(iri[2:]), domain)}"
    name = domain.compact(iri)
    parts = iri.removeprefix(BASE).partition("/")
    return (
        f"{parts[0]}:{parts[2]}"
        if name == iri and iri.startswith((BASE + "id/", BASE + "article/"))
        else name
    )
