"""JSON-LD (https://www.w3.org/TR/json-ld11/) under a context that is generated from the shapes; nothing is
ever fetched.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from pyoxigraph import RdfFormat, parse, serialize

from ..errors import InputError
from ..statement import BASE
from .compact import PREFIX_ENDS, document, expanded, prefixes_of
from .nodes import graphs_of, merged, terms_of
from .quads import DCTERMS, FACTS, FOAF, LK, NIF, PROV, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pyoxigraph import Quad

    from ..domain import Domain, PropertyShape
    from .nodes import Nodes

_LABEL = re.compile(rb"(?:^|(?<= ))_:[^ ]+(?= )", re.MULTILINE)
_LANG_STRING = RDF + "langString"

# The evidence graph's own properties: IRI → datatype, or "@id" for nodes.
EVIDENCE_DATATYPES: Mapping[str, str] = {
    **dict.fromkeys([NIF + "beginIndex", NIF + "endIndex", LK + "length"], XSD + "nonNegativeInteger"),
    **dict.fromkeys([LK + "line", LK + "column", LK + "position"], XSD + "integer"),
    **dict.fromkeys([RDF + "subject", RDF + "predicate", LK + "modality", LK + "basis", LK + "rule"], "@id"),
    **dict.fromkeys([LK + "section", LK + "parent"], "@id"),
    **dict.fromkeys(
        [LK + "subjectPlace", LK + "objectPlace", LK + "antecedentPlace", LK + "keyPlace"], "@id"
    ),
    PROV + "wasDerivedFrom": "@id",
    **dict.fromkeys([NIF + "referenceContext", NIF + "sourceUrl", FOAF + "primaryTopic"], "@id"),
}
_PREFIXES: Mapping[str, str] = {
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "lk": LK,
    "nif": NIF,
    "prov": PROV,
    "rdf": RDF,
    "xsd": XSD,
}


def context(domain: Domain | None = None, prefixes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the context of a domain: prefixes, a term a class, a term a property as its shapes have it.

    A property's values are coerced only where all its shapes agree on nodes or on one datatype; texts with a
    language become maps;
    where any shape allows many, there is always an array. A local name that two IRIs share is written with
    its prefix.
    """
    declared = {**_PREFIXES, **(domain.prefixes if domain else {}), **(prefixes or {})}
    schemes = {iri.partition(":")[0] for iri in declared.values()}
    namespaces = {
        prefix: iri
        for prefix, iri in sorted(declared.items())
        if iri.endswith(PREFIX_ENDS) and prefix not in schemes
    }
    shapes: dict[str, list[PropertyShape]] = {}
    for shape in domain.property_shapes.values() if domain else ():
        shapes.setdefault(shape.path, []).append(shape)
    iris = {RDF + "type", *shapes, *EVIDENCE_DATATYPES, *(domain.classes if domain else ())}
    names = _Names(namespaces, iris)
    terms: dict[str, Any] = {names.term(iri): names.curie(iri) for iri in (domain.classes if domain else ())}
    for iri, kind in EVIDENCE_DATATYPES.items():
        terms[names.term(iri)] = {"@id": names.curie(iri), "@type": names.curie(kind)}
    for iri, group in shapes.items():
        terms[names.term(iri)] = _definition(names, iri, group)
    plain = {term: value for term, value in terms.items() if term != value}
    return {"@version": 1.1, "@type": {"@container": "@set"}, **namespaces, **dict(sorted(plain.items()))}


def context_document(domain: Domain, base: str = BASE) -> dict[str, Any]:
    """Return the context as a document of its own, named by the domain's version."""
    return {"@id": f"{base}context/{domain.version}", "@context": context(domain)}


def _definition(names: _Names, iri: str, shapes: Iterable[PropertyShape]) -> dict[str, Any]:
    shapes = list(shapes)
    datatypes = {datatype for shape in shapes for datatype in shape.datatypes}
    has_nodes = any(shape.classes or shape.kind in ("node", "choice") for shape in shapes)
    many = ["@set"] if any(shape.max_count != 1 for shape in shapes) else []
    definition: dict[str, Any] = {"@id": names.curie(iri)}
    if has_nodes and not datatypes:
        definition["@type"] = "@id"
    elif datatypes == {_LANG_STRING} and not has_nodes:
        many = ["@language", *many]
    elif len(datatypes) == 1 and not has_nodes and datatypes != {XSD + "string"}:
        definition["@type"] = names.curie(*datatypes)
    if many:
        definition["@container"] = many if len(many) > 1 else many[0]
    return definition


class _Names:
    """Chooses terms: the local name where no other IRI and no prefix has it, else the CURIE."""

    def __init__(self, namespaces: Mapping[str, str], iris: Iterable[str]) -> None:
        self.namespaces = sorted(namespaces.items(), key=lambda item: (-len(item[1]), item[0]))
        shared = Counter(_local(iri) for iri in iris)
        self.taken = {local for local, count in shared.items() if count > 1} | set(namespaces) | {""}

    def term(self, iri: str) -> str:
        """Return the key under which an IRI is written."""
        local = _local(iri)
        return self.curie(iri) if local in self.taken or local.startswith("@") or ":" in local else local

    def curie(self, iri: str) -> str:
        """Return the shortest CURIE of an IRI, or the IRI itself."""
        for prefix, namespace in self.namespaces:
            if iri.startswith(namespace) and not iri.startswith(namespace + "//"):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


def write_jsonld(quads: Iterable[Quad], out: BinaryIO, context: Mapping[str, Any]) -> None:
    """Write facts as one object an entity, which read back as the same triples; with other graphs, write the
    data set graph by graph.

    Facts are the graphs whose name ends in ``#facts`` and the default graph.

    Raises:
        InputError: a term has no form in JSON-LD 1.1.
    """
    quads = list(quads)
    graphs = graphs_of(quads)
    terms = terms_of(graphs)
    used = _iris(graphs, terms)
    pruned = _pruned(_exact(context, used), used)
    is_facts = all(name == "" or name[1:-1].endswith(FACTS) for name in graphs)
    if is_facts:
        graphs = {"": merged(graphs)}
    data = document(graphs, terms, pruned)
    _refuse_changes(quads, data, merged=is_facts)
    out.write(data)


def _exact(context: Mapping[str, Any], used: Collection[str]) -> dict[str, Any]:
    """Take out the prefixes under which an IRI of the data would be read as another one; what is defined with
    them is then written in full.

    ``tag:x`` is ``x`` in the namespace of a prefix ``tag``, ``id://x`` is never short for anything (JSON-LD
    1.1 API §5.2), and no term is empty (JSON-LD 1.1 §9.2).
    """
    prefixes = prefixes_of(context)
    schemes = {"", *(iri.partition(":")[0] for iri in used)}
    slashed = {prefix: f"{namespace}//" for prefix, namespace in prefixes.items()}
    before_slashes = [iri for iri in used if iri.startswith(tuple(slashed.values()))]
    unsafe = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if prefix in schemes or any(iri.startswith(slashed[prefix]) for iri in before_slashes)
    }
    if not unsafe:
        return dict(context)
    return {
        expanded(term, unsafe): _in_full(value, unsafe)
        for term, value in context.items()
        if term not in unsafe
    }


def _in_full(value: Any, prefixes: Mapping[str, str]) -> Any:
    """Expand the IRIs of a term's definition."""
    if isinstance(value, dict):
        return {
            key: expanded(part, prefixes) if key in ("@id", "@type") else part for key, part in value.items()
        }
    return expanded(value, prefixes) if isinstance(value, str) else value


def _refuse_changes(quads: Iterable[Quad], data: bytes, *, merged: bool) -> None:
    """Read back what was written, blank nodes apart, which may have other labels.

    Raises:
        InputError: a term comes back as another one, or not at all.
    """
    written, read = _lines(quads, merged=merged), _lines(parse(data, RdfFormat.JSON_LD), merged=merged)
    if written != read and (lost := set(written).difference(read)):
        raise InputError(
            "this triple cannot be written in JSON-LD as it is",
            term=min(lost).decode().removesuffix(" ."),
            hint="export as N-Quads instead",
        )


def _lines(quads: Iterable[Quad], *, merged: bool) -> list[bytes]:
    """Quads as sorted lines, or triples where the graphs are merged; blank nodes without their labels."""
    form = RdfFormat.N_TRIPLES if merged else RdfFormat.N_QUADS
    terms = (quad.triple for quad in quads) if merged else quads
    data = serialize(terms, format=form) or b""
    return sorted((_LABEL.sub(rb"_:", data) if b"_:" in data else data).split(b"\n"))


def _pruned(context: Mapping[str, Any], used: Collection[str]) -> dict[str, Any]:
    """Leave out the terms and the prefixes that the data do not use."""
    prefixes = prefixes_of(context)
    kept: dict[str, Any] = {}
    in_order = sorted(used)
    needed = {prefix for prefix, namespace in prefixes.items() if _is_begun_with(namespace, in_order)}
    for term, value in context.items():
        curies = (
            [value["@id"], value.get("@type", "")] if isinstance(value, dict) and "@id" in value else [value]
        )
        if term.startswith("@"):
            kept[term] = value
        elif term not in prefixes and expanded(curies[0], prefixes) in used:
            kept[term] = value
            needed |= {curie.partition(":")[0] for curie in curies}
    return {
        term: value
        for term, value in context.items()
        if term in kept or (term in prefixes and term in needed)
    }


def _is_begun_with(namespace: str, iris: Sequence[str]) -> bool:
    """Tell whether one of the IRIs, which are sorted, begins so."""
    return any(iri.startswith(namespace) for iri in iris[bisect_left(iris, namespace) :][:1])


def _iris(graphs: Mapping[str, Nodes], terms: Iterable[str]) -> set[str]:
    """The IRIs of a data set, those of datatypes among them."""
    lists = {predicates for nodes in graphs.values() for predicates, _ in nodes.values()}
    named = chain((term for term in chain(terms, graphs) if term.startswith("<")), *lists)
    datatypes = (term.rpartition('"^^<')[2] for term in terms if term[0] == '"' and term[-1] == ">")
    return {term[1:-1] for term in named} | {datatype[:-1] for datatype in datatypes}
