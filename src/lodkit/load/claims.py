"""What a file may say: of its own articles, in their own graphs, and nothing that only lodkit writes.

Evidence is believed because of where it stands, so each place, statement and description of an
article stands in the evidence graph of that article, and under its IRI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..errors import InputError
from ..rdf import EVIDENCE, FACTS
from ..rdf.quads import DCTERMS, FOAF, LK, NIF, PROV, RDF
from ..statement import BASE
from .layout import DIGEST, GENERATION, LOADS, SEAL
from .units import genid

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from pyoxigraph import Quad

    from .units import Unit

_OWN_GRAPHS = frozenset({LOADS, LK + "merged"})
_OWN_PROPERTIES = frozenset({DIGEST, GENERATION})
_POINTERS = frozenset(
    {NIF + "referenceContext", PROV + "wasDerivedFrom"}
    | {
        LK + name
        for name in (
            "subjectPlace",
            "objectPlace",
            "antecedentPlace",
            "keyPlace",
            "section",
            "parent",
            "cites",
        )
    }
)
_SOURCE = NIF + "sourceUrl"
_OF_EVIDENCE = _POINTERS - {NIF + "referenceContext", PROV + "wasDerivedFrom"} | {
    LK + name
    for name in (
        "modality basis rule attributedTo line column sourceBegin sourceEnd readAs "
        "length sha256 file toolVersion domainVersion revision "
        "position key value outcome reason"
    ).split()
}
_CLASSES = frozenset(LK + name for name in ("Article", "Statement", "Field", "Citation"))
_DESCRIPTIONS = frozenset({DCTERMS + "title", FOAF + "primaryTopic"})
_UNDER_ARTICLE = re.compile(r"#(?:char=[0-9]+,[0-9]+|statement-|section-|field-|cite-)")
_GENID = re.compile(r"/\.well-known/genid/[0-9a-f]{16}-|#(?:[^#]*-)?genid-")
_HINT = "an article's evidence stands in its own graph, and under its own IRI; build it anew"


def check_claims(unit: Unit, vocabularies: Container[str] = ()) -> None:
    """Refuse a unit that says what only lodkit, its ontologies or another unit may say in a store.

    Raises:
        InputError: it does.
    """
    if unit.name in _OWN_GRAPHS or unit.name in vocabularies:
        message = "a graph that lodkit writes itself is not loaded from a file"
        raise InputError(message, term=unit.name, hint="take it out; lodkit export gives a store's articles")
    if unit.is_article and (more := set(unit.graphs) - {unit.name + EVIDENCE, unit.name + FACTS}):
        raise InputError("is an article and a graph at once", term=min(more), hint="rename the graph")
    own = genid(unit.name)
    for quad in unit.quads:
        subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        if quad.predicate.value in _OWN_PROPERTIES or subject == SEAL:
            message = "what lodkit writes into a store itself is not loaded from a file"
            raise InputError(message, term=quad.predicate.value, hint="take it out")
        if "genid" in subject and _GENID.search(subject) and not subject.startswith(own):
            raise InputError("stands for a blank node of another graph", term=subject, hint="rename it")
    check_places(unit.quads)


Kinds = dict[object, tuple[str, str, str]]
"""Of each graph: the document that it belongs to, what its name ends with, and what the names of other
articles
begin with.
"""


def check_places(quads: Iterable[Quad]) -> None:
    """Refuse quads that speak for an article outside its own evidence, or in its evidence of something else.

    Raises:
        InputError: some do.
    """
    kinds: Kinds = {}
    for quad in quads:
        document_of(quad, kinds)


def document_of(quad: Quad, kinds: Kinds) -> str:
    """Return the document whose graphs a quad is in, empty for other graphs; ``kinds`` is what is known of
    the graphs.

    Raises:
        InputError: the quad speaks for another article, or outside of the evidence of its own.
    """
    kind = kinds.get(quad.graph_name)
    if kind is None:
        kind = kinds[quad.graph_name] = _kind(quad.graph_name)
    document, ending, siblings = kind
    wrong = _in_evidence(quad, document) if ending == EVIDENCE else _elsewhere(quad, document, siblings)
    if wrong is not None:
        raise InputError(wrong, term=str(getattr(quad.subject, "value", quad.subject)), hint=_HINT)
    return document


def _kind(graph: object) -> tuple[str, str, str]:
    name = graph.value if isinstance(graph, NamedNode) else ""
    for ending in (EVIDENCE, FACTS):
        if name.endswith(ending):
            document = name.removesuffix(ending)
            folder = document[: document.rfind("/") + 1]
            return document, ending, folder if folder.endswith("/article/") else f"{BASE}article/"
    return "", "", f"{BASE}article/"


def _in_evidence(quad: Quad, document: str) -> str | None:
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    if subject != document and not subject.startswith(document + "#"):
        return f"is not of <{document}>, and stands in its evidence"
    predicate = quad.predicate.value
    if predicate not in _POINTERS and predicate != _SOURCE:
        return None
    pointed = quad.object.value if isinstance(quad.object, NamedNode) else ""
    if predicate == _SOURCE:
        return (
            None
            if pointed == document
            else f"is the text of {quad.object}, and stands in the evidence of <{document}>"
        )
    return (
        None
        if f"{pointed}#".startswith(document + "#")
        else f"points at {quad.object}, which is not of <{document}>"
    )


def _elsewhere(quad: Quad, document: str, siblings: str) -> str | None:
    predicate = quad.predicate.value
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    is_of_article = (
        subject.startswith(siblings) or (document and subject == document) or _UNDER_ARTICLE.search(subject)
    )
    if is_of_article or predicate in _OF_EVIDENCE or predicate == _SOURCE:
        return "speaks of an article, its text or its statements outside the article's evidence"
    if predicate == RDF + "type" and getattr(quad.object, "value", "") in _CLASSES:
        return "says outside of any evidence that it is an article, a statement, a field or a citation"
    return None


def described(unit: Unit) -> list[str]:
    """Return what a graph that is no article's gives a title or a topic to, sorted."""
    if unit.is_article:
        return []
    return sorted(
        {
            quad.subject.value
            for quad in unit.quads
            if quad.predicate.value in _DESCRIPTIONS and isinstance(quad.subject, NamedNode)
        }
    )
