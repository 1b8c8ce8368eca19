"""SHACL over the facts of some data, each result at its place in the article (SHACL:
https://www.w3.org/TR/shacl/).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from ..statement import BASE
from .contract import check_contract
from .graphs import Data, split, text_of
from .places import LABEL, Evidence, read_evidence
from .render import render
from .report import MOST_RESULTS, SH, Report, Result, ResultPlace, Severity, Term, report_json, report_rdf
from .shacl import Finding, check
from .shapes import Selection, expected, key, select
from .sparql import check_sparql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..article import Article
    from ..domain import Domain

__all__ = ["Report", "Result", "ResultPlace", "Severity", "render", "report_json", "report_rdf", "validate"]


def validate(
    quads: Iterable[Quad],
    domain: Domain,
    *,
    articles: Mapping[str, Article] | None = None,
    evidence: bool = False,
    is_foreign: bool = False,
) -> Report:
    """Validate the facts of some data against a domain's shapes.

    ``quads`` is a data set with facts and evidence, or one graph in which both are merged. ``articles`` gives
    the article of a
    document's IRI, for source lines. That facts and statements answer to each other and quotes are what the
    article says is always
    checked; ``evidence`` also validates the evidence by shapes, which takes pySHACL three times as long as
    the facts.

    ``is_foreign`` tells that the data were not made by lodkit in this run: like the shapes of others, their
    queries are then evaluated in the sandbox.

    Raises:
        DomainError: a shape cannot be used.
        LimitError: shapes or data take too much.
        InputError: a term is a triple (RDF 1.2).
    """
    facts, records = split(quads)
    readings = read_evidence(records, articles or {})
    selection = select(facts, domain)
    findings = _findings(facts, selection, domain, is_foreign)
    if readings.readings:
        findings += check_contract(facts, readings)
    found = [(finding, selection) for finding in findings]
    if evidence:
        wanted = select(records, domain)
        found += [(finding, wanted) for finding in _findings(records, wanted, domain, is_foreign)]
    named = sorted((t for t in facts.triples if t.predicate.value == LABEL), key=str, reverse=True)
    labels: dict[Term, str] = {t.subject: text_of(t.object) for t in named}
    unique = _once(_result(finding, shapes, readings, labels, domain) for finding, shapes in found)
    shown, left_out = _first(unique)
    located = bool(readings.readings)
    return Report(shown, len(selection.focus_nodes), located, _names(shown, domain), left_out)


def _first(results: Iterable[Result]) -> tuple[tuple[Result, ...], Mapping[Severity, int]]:
    """The first results of each shape at each node, and how many are left out, by severity."""
    met: Counter[tuple[str, Term]] = Counter()
    shown: list[Result] = []
    left_out: Counter[Severity] = Counter()
    for result in results:
        pair = result.source_shape, result.focus_node
        met[pair] += 1
        if met[pair] <= MOST_RESULTS:
            shown.append(result)
        else:
            left_out[result.severity] += 1
    return tuple(shown), left_out


def _findings(data: Data, selection: Selection, domain: Domain, is_foreign: bool) -> list[Finding]:
    if not selection.focus:
        return []
    in_sandbox = is_foreign or not domain.is_bundled
    return [*check(data, selection, domain), *check_sparql(data, selection, domain, is_foreign=in_sandbox)]


def _result(
    finding: Finding, selection: Selection, readings: Evidence, labels: Mapping[Term, str], domain: Domain
) -> Result:
    places, more_places = readings.places(finding.focus_node, finding.path, finding.value)
    return Result(
        finding.focus_node,
        finding.path,
        finding.value,
        finding.message,
        finding.severity,
        selection.named(finding.shape),
        finding.component,
        expected(finding.component, finding.shape, domain),
        labels.get(finding.focus_node),
        places,
        more_places,
    )


# Of several constraints that one value breaks, these say most about it.
_TELLING = frozenset(SH + name + "ConstraintComponent" for name in ("NodeKind", "Datatype", "In", "Pattern"))


def _once(results: Iterable[Result]) -> tuple[Result, ...]:
    """Drop results that say the same of the same: a shape and a superclass's shape, or two components with
    one message.
    """
    kept: dict[tuple[object, ...], Result] = {}
    for result in sorted(results, key=lambda r: (r.component not in _TELLING, r.order)):
        kept.setdefault(
            (result.focus_node, result.path, result.value, result.message, result.severity), result
        )
    return tuple(sorted(kept.values(), key=lambda r: r.order))


def _names(results: Iterable[Result], domain: Domain) -> dict[str, str]:
    iris: set[str] = set()
    for result in results:
        iris |= {result.source_shape, result.component, *re.findall(r"[^<>\s]{3,}", result.path or "")}
        iris |= {key(term) for term in (result.focus_node, result.value) if isinstance(term, NamedNode)}
        iris |= {result.value.datatype.value} if isinstance(result.value, Literal) else set()
        iris |= {place.file for place in result.places}
    named = {iri: _name(iri, domain) for iri in iris if iri}
    return {iri: name for iri, name in named.items() if name != iri}


def _name(iri: str, domain: Domain) -> str:
    """The CURIE of an IRI; entities and articles under the usual base are ``id:`` and ``article:``."""
    name = domain.compact(iri)
    parts = iri.removeprefix(BASE).partition("/")
    return (
        f"{parts[0]}:{parts[2]}"
        if name == iri and iri.startswith((BASE + "id/", BASE + "article/"))
        else name
    )
