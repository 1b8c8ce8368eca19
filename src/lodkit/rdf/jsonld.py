"""JSON-LD (https://www.w3.org/TR/json-ld11/) under a context that is generated from the shapes; nothing is
ever fetched.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from ..errors import InputError
from ..statement import BASE
from .quads import DCTERMS, EVIDENCE, FACTS, FOAF, LK, NIF, PROV, RDF, XSD, order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ..domain import Domain, PropertyShape

_LANG_STRING = RDF + "langString"

# The evidence graph's own properties: IRI → datatype, or "@id" for nodes.
EVIDENCE_DATATYPES: Mapping[str, str] = {
    **dict.fromkeys([NIF + "beginIndex", NIF + "endIndex", LK + "length"], XSD + "nonNegativeInteger"),
    **dict.fromkeys([LK + "line", LK + "column", LK + "position"], XSD + "integer"),
    **dict.fromkeys(
        [RDF + "subject", RDF + "predicate", LK + "modality", LK + "basis", LK + "rule", LK + "parent"], "@id"
    ),
    **dict.fromkeys(
        [LK + "subjectPlace", LK + "objectPlace", LK + "antecedentPlace", LK + "keyPlace"], "@id"
    ),
    PROV + "wasDerivedFrom": "@id",
    **dict.fromkeys([NIF + "referenceContext", NIF + "sourceUrl", FOAF + "primaryTopic"], "@id"),
}
_PREFIX_ENDS = (
    ":",
    "/",
    "?",
    "#",
    "[",
    "]",
    "@",
)  # JSON-LD 1.1 §4.1.5: a shorter notation for no other namespace
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
        if iri.endswith(_PREFIX_ENDS) and prefix not in schemes
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
    """
    import json

    quads = list(quads)
    graphs = _expanded(quads)
    used = {iri for quad in quads for iri in _iris(quad)}
    context = _pruned(_exact(context, used), used)
    is_facts = all(name == "" or name.endswith(FACTS) for name in graphs)
    document = _framed(quads, context) if is_facts else _compacted(graphs, context)
    data = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    _refuse_changes(quads, data, merged=is_facts)
    out.write(data)


def _exact(context: Mapping[str, Any], used: Collection[str]) -> dict[str, Any]:
    """Take out the prefixes under which an IRI of the data would be read as another one; what is defined with
    them is then written in full.

    ``tag:x`` is ``x`` in the namespace of a prefix ``tag``, and ``id://x`` is never short for anything
    (JSON-LD 1.1 API §5.2).
    """
    prefixes = _prefixes(context)
    schemes = {iri.partition(":")[0] for iri in used}
    unsafe = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if prefix in schemes or any(iri.startswith(namespace + "//") for iri in used)
    }
    if not unsafe:
        return dict(context)
    return {
        _expand(term, unsafe): _in_full(value, unsafe)
        for term, value in context.items()
        if term not in unsafe
    }


def _in_full(value: Any, prefixes: Mapping[str, str]) -> Any:
    """Expand the IRIs of a term's definition."""
    if isinstance(value, dict):
        return {
            key: _expand(part, prefixes) if key in ("@id", "@type") else part for key, part in value.items()
        }
    return _expand(value, prefixes) if isinstance(value, str) else value


def _prefixes(context: Mapping[str, Any]) -> dict[str, str]:
    return {
        term: value
        for term, value in context.items()
        if isinstance(value, str) and value.endswith(_PREFIX_ENDS)
    }


def _refuse_changes(quads: Iterable[Quad], data: bytes, *, merged: bool) -> None:
    """Read back what was written, blank nodes apart, which may have other labels.

    Raises:
        InputError: a term comes back as another one, or not at all.
    """

    def shown(quad: Quad) -> tuple[str, ...]:
        graph = "" if merged else quad.graph_name
        return tuple(
            "_:" if isinstance(term, BlankNode) else str(term)
            for term in (quad.subject, quad.predicate, quad.object, graph)
        )

    expected = {shown(quad) for quad in quads}
    lost = expected - {shown(quad) for quad in parse(data, RdfFormat.JSON_LD)}
    if lost:
        raise InputError(
            "this triple cannot be written in JSON-LD as it is",
            term=" ".join(min(lost)).strip(),
            hint="export as N-Quads instead",
        )


def _pruned(context: Mapping[str, Any], used: Collection[str]) -> dict[str, Any]:
    """Leave out the terms and the prefixes that the data do not use."""
    prefixes = _prefixes(context)
    kept: dict[str, Any] = {}
    needed = {
        prefix for prefix, namespace in prefixes.items() if any(iri.startswith(namespace) for iri in used)
    }
    for term, value in context.items():
        curies = (
            [value["@id"], value.get("@type", "")] if isinstance(value, dict) and "@id" in value else [value]
        )
        if term.startswith("@"):
            kept[term] = value
        elif term not in prefixes and _expand(curies[0], prefixes) in used:
            kept[term] = value
            needed |= {curie.partition(":")[0] for curie in curies}
    return {
        term: value
        for term, value in context.items()
        if term in kept or (term in prefixes and term in needed)
    }


def _expand(curie: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else curie


def _iris(quad: Quad) -> Iterator[str]:
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def refuse(url: str, options: Any = None) -> NoReturn:
    """Load no document: what PyLD gets as its loader, so that reading and writing stay offline.

    Raises:
        InputError: always.
    """
    raise InputError(
        "a context on the network is not fetched", term=url, hint="write the context into the file"
    )


def _options() -> dict[str, Any]:
    return {"documentLoader": refuse, "processingMode": "json-ld-1.1", "base": ""}


def _framed(quads: Iterable[Quad], context: Mapping[str, Any]) -> dict[str, Any]:
    """One object for each entity that has facts, in the order of IRIs; references stay references."""
    from pyld import jsonld

    nodes = _nodes({(quad.subject, quad.predicate, quad.object) for quad in quads})
    frame = {"@context": dict(context), "@embed": "@never"}
    framed: dict[str, Any] = jsonld.frame(nodes, frame, {**_options(), "omitGraph": False})
    entities = [entity for entity in framed.get("@graph", []) if set(entity) != {"@id"}]
    return {"@context": dict(context), "@graph": entities}


def _compacted(graphs: Mapping[str, list[dict[str, Any]]], context: Mapping[str, Any]) -> dict[str, Any]:
    """One ``@graph`` for each named graph; the default graph's objects stand beside them."""
    from pyld import jsonld

    named = [{"@id": name, "@graph": nodes} for name, nodes in graphs.items() if name]
    compacted: dict[str, Any] = jsonld.compact(
        [*named, *graphs.get("", [])], dict(context), {**_options(), "graph": True}
    )
    graphs_first = [
        {"@id": item["@id"], **item} if "@graph" in item else item for item in compacted.get("@graph", [])
    ]
    return {"@context": dict(context), "@graph": graphs_first}


def _expanded(quads: Iterable[Quad]) -> dict[str, list[dict[str, Any]]]:
    """Return the nodes of each graph by name, the facts of an article before its evidence."""
    graphs: dict[str, set[tuple[Any, Any, Any]]] = {}
    for quad in quads:
        name = "" if isinstance(quad.graph_name, DefaultGraph) else _id(quad.graph_name)
        graphs.setdefault(name, set()).add((quad.subject, quad.predicate, quad.object))
    ordered = sorted(graphs, key=lambda name: (name.partition("#")[0], name.endswith(EVIDENCE), name))
    return {name: _nodes(graphs[name]) for name in ordered}


def _nodes(triples: Iterable[tuple[Any, Any, Any]]) -> list[dict[str, Any]]:
    """Return triples in expanded form (JSON-LD 1.1 §3.1), nodes and values sorted."""
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in sorted(triples, key=lambda t: tuple(map(order, t))):
        name = _id(subject)
        node = nodes.setdefault(name, {"@id": name})
        if predicate.value == RDF + "type" and not isinstance(value, Literal):
            node.setdefault("@type", []).append(_id(value))
        else:
            node.setdefault(predicate.value, []).append(_value(value))
    return list(nodes.values())


def _id(term: Any) -> str:
    """The name of a node; a triple as a term (RDF 1.2) has none in JSON-LD 1.1."""
    if isinstance(term, NamedNode):
        return str(term.value)
    name = str(term)
    if not name.startswith("_:"):
        raise InputError(
            "a triple as a term (RDF 1.2) does not fit into JSON-LD", hint="export as N-Quads instead"
        )
    return name


def _value(term: Any) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD + "string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}
