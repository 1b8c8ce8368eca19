"""Terms that are not there: misspelt ones of SHACL and of lodkit's own vocabulary, and ones that the domain
does not declare.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..domain.graph import OWL, RDF, RDFS, SH, XSD
from ..domain.lexicon import CORE
from ..domain.shapes import PathError, advanced_terms, predicates_of, read_path, vocabulary
from ..domain.shapes.reader import ADVANCED
from ..spelling import nearest, proposal
from ..turtle import Role
from ..xsd import TABLE
from .model import all_mentions, error_at, local

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..domain import DomainGraph
    from ..domain.graph import Term
    from ..errors import DomainError
    from .model import Checked

_BUILT_IN = (RDF, RDFS, OWL)
_CLASSES = ("class", "targetClass")
_PROPERTIES = (
    "path",
    "lessThan",
    "lessThanOrEquals",
    "equals",
    "disjoint",
    "targetSubjectsOf",
    "targetObjectsOf",
)
# What the extractor asks for; other words are never read.
VALUES: Mapping[str, tuple[str, ...]] = {
    "part": ("start", "end", "whole", "list"),
    "pronoun": ("person",),
    "minted": ("any", "plural", "true"),
    "clause": ("true", "false"),
    "types": ("true", "false"),
    "nameKind": (
        "abbreviation",
        "alternative",
        "former",
        "native",
        "nickname",
        "official",
        "original",
        "transliteration",
        "translation",
    ),
}
_XSD_TERMS = frozenset(iri.removeprefix(XSD) for iri in TABLE if iri.startswith(XSD))


def misspelt(checked: Checked) -> Iterator[DomainError]:
    """Yield terms in the namespaces of SHACL and lodkit that are not in their vocabularies."""
    shacl = vocabulary().terms
    lodkit = frozenset(iri.removeprefix(CORE) for iri in checked.described if iri.startswith(CORE))
    for written, mention in all_mentions(checked):
        name = mention.text
        if mention.is_literal or mention.role is Role.SUBJECT:
            continue
        if name.startswith(SH) and name.removeprefix(SH) not in shacl:
            is_advanced = name in ADVANCED or name.removeprefix(SH) in advanced_terms()
            usual = "only pySHACL knows it" if is_advanced else "a validator would pass over it"
            hint = usual if is_advanced else proposal(name.removeprefix(SH), shacl, usual, "sh:")
            message = "not a term of SHACL core or SHACL-SPARQL"
            yield error_at(message, written, mention, f"sh:{name.removeprefix(SH)}", hint)
        elif name.startswith(CORE) and name.removeprefix(CORE) not in lodkit:
            hint = proposal(name.removeprefix(CORE), lodkit, "lodkit would pass over it", "lk:")
            message = "not a term of lodkit's vocabulary"
            yield error_at(message, written, mention, f"lk:{name.removeprefix(CORE)}", hint)


def values(checked: Checked) -> Iterator[DomainError]:
    """Yield values of lodkit's own terms that nothing asks for."""
    for written, mention in all_mentions(checked):
        name = mention.predicate.removeprefix(CORE)
        known = VALUES.get(name) if mention.predicate.startswith(CORE) else None
        if known is None or mention.role is not Role.OBJECT or not mention.is_literal:
            continue
        word = mention.text.strip("\"'")
        if word not in known:
            hint = proposal(word, known, f"it is one of {', '.join(known)}")
            yield error_at(f"{word!r} is no value of it", written, mention, f"lk:{name}", hint)
    yield from _word_lists(checked)


def _word_lists(checked: Checked) -> Iterator[DomainError]:
    """Lists of words by a name that English does not have: nothing asks for them."""
    known = {iri.rpartition("#")[2] for iri in checked.core.instances.get(CORE + "WordList", ())}
    for iri in checked.graph.instances.get(CORE + "WordList", ()):
        name = iri.rpartition("#")[2]
        if known and name not in known:
            hint = proposal(name, known, "lodkit asks for the lists of its own ontology/english.ttl")
            yield checked.error("no list of words by this name is asked for", iri, hint=hint)


def datatypes(checked: Checked) -> Iterator[DomainError]:
    """Yield datatypes of XML Schema that are none."""
    for written, mention in all_mentions(checked):
        name = mention.text.removeprefix(XSD)
        if not mention.is_literal and mention.text.startswith(XSD) and name and name not in _XSD_TERMS:
            hint = proposal(name, _XSD_TERMS, "no value could be of it", "xsd:")
            yield error_at("not a datatype of XML Schema", written, mention, f"xsd:{name}", hint)


def undeclared(checked: Checked) -> Iterator[DomainError]:
    """Yield classes and properties that shapes speak of and the ontology does not declare."""
    expected = (
        *((SH + name, checked.classes, "class") for name in _CLASSES),
        *((SH + name, checked.properties, "property") for name in _PROPERTIES),
    )
    for subject, predicates in checked.graph.triples.items():
        for predicate, declared, kind in expected:
            for value in predicates.get(predicate, ()):
                for iri in _leaves(value, checked.graph):
                    if iri not in declared and not iri.startswith(_BUILT_IN):
                        yield _not_declared(checked, subject, predicate, iri, kind)


def _not_declared(checked: Checked, subject: str, predicate: str, iri: str, kind: str) -> DomainError:
    declared = checked.classes if kind == "class" else checked.properties
    hint = like(iri, declared, checked) or f"declare it as an OWL {kind}"
    message = f"{kind} is not declared in ontology/"
    return checked.error(message, subject, word=iri, predicate=predicate, hint=hint)


def like(iri: str, declared: frozenset[str], checked: Checked) -> str | None:
    """Return the hint that names the declared term most like another in its namespace."""
    name = local(iri)
    space = iri.removesuffix(name)
    found = nearest(name, _names_in(space, declared))
    return f"perhaps {checked.compact(space + found)}" if found else None


@lru_cache(maxsize=64)
def _names_in(space: str, declared: frozenset[str]) -> frozenset[str]:
    return frozenset(local(one) for one in declared if one.startswith(space) and one != space)


def _leaves(term: Term, graph: DomainGraph) -> Iterator[str]:
    """The IRIs in a property path (SHACL §2.3.1)."""
    try:
        yield from (iri.value for iri in predicates_of(read_path(graph, term)))
    except PathError:  # a fault of the shapes, which is told when they are read
        return


_SAID_ELSEWHERE = frozenset(SH + name for name in (*_CLASSES, *_PROPERTIES))


def own_terms(checked: Checked) -> Iterator[DomainError]:
    """Yield terms in the namespaces of the domain's ontologies that it does not describe."""
    spaces = tuple(checked.own_namespaces - {CORE})
    if not spaces:
        return
    of_paths = {SH + name for name in ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath")}
    for written, mention in all_mentions(checked):
        iri = mention.text
        if mention.is_literal or not iri.startswith(spaces) or iri in spaces or iri in checked.described:
            continue
        if mention.predicate in _SAID_ELSEWHERE | of_paths | {RDF + "first", SH + "in"}:
            continue
        hint = like(iri, checked.described, checked) or "declare it in ontology/"
        yield error_at("is not declared in ontology/", written, mention, checked.compact(iri), hint)
