"""The contract between facts and evidence, checked directly: shapes over one graph see neither the other
graph nor the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from .findings import Finding
from .graphs import LK, NIF, TYPE, Triples, text_of
from .places import Evidence, span_of
from .report import PROV, RDF, Severity, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPE = COMPONENT = LK + "Statement"
_PARTS = (RDF + "subject", RDF + "predicate", RDF + "object", LK + "modality", LK + "rule")
_STATEMENT = NamedNode(LK + "Statement")


def check_contract(facts: Triples, evidence: Evidence) -> list[Finding]:
    """Check that facts and asserted statements answer to each other, and that every quote is what the
    article says there.
    """
    return [*_unanswered(facts, evidence), *_incomplete(evidence), *_misquoted(evidence)]


def _unanswered(facts: Triples, evidence: Evidence) -> Iterator[Finding]:
    stated = {(s, r.predicate, r.object) for s, readings in evidence.readings.items() for r in readings}
    held: set[tuple[Term, str, Term]] = {(s, p.value, o) for s, p, o in facts}
    for message, triples in (
        ("No statement shows where the text says this fact.", held - stated),
        ("A statement has no fact.", stated - held),
    ):
        for subject, predicate, value in sorted(triples, key=str):
            yield _finding(subject, predicate, value, message)


def _incomplete(evidence: Evidence) -> Iterator[Finding]:
    for node, record in evidence.records.items():
        if LK + "modality" in record or record.get(TYPE.value) == _STATEMENT:
            missing = [part for part in _PARTS if part not in record]
            places = evidence.records.get(record.get(PROV + "wasDerivedFrom", node), {})
            if missing or NIF + "anchorOf" not in places:
                yield _finding(
                    node,
                    missing[0] if missing else NIF + "anchorOf",
                    None,
                    "A statement lacks one of its parts.",
                )


def _misquoted(evidence: Evidence) -> Iterator[Finding]:
    for node, record in evidence.records.items() if evidence.articles or evidence.texts else ():
        anchor = record.get(NIF + "anchorOf")
        text = evidence.text_of_place(text_of(node)) if anchor is not None else None
        if anchor is not None and text is not None and span_of(node, record).of(text) != text_of(anchor):
            yield _finding(node, NIF + "anchorOf", anchor, "The quote is not what the article says there.")


def _finding(focus: Term, path: str, value: Term | None, message: str) -> Finding:
    return Finding(focus, path, value, message, Severity.VIOLATION, SHAPE, COMPONENT)
