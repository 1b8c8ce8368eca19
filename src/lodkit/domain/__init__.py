"""A domain folder, read and checked: ontology, shapes, lexicon, language, gazetteer and queries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pyoxigraph import NamedNode

from ..cache import cache_folder
from ..errors import DomainError
from .alone import missing_imports, passed_over, shapes_only
from .english import English, read_english
from .folder import SHAPES, part_files, read_bytes, read_text, shape_files
from .gazetteer import Gazetteer, fold, read_gazetteer
from .graph import (
    OWL,
    RDFS,
    SH,
    DomainGraph,
    check_triple_terms,
    graph_of_files,
    key_of,
    read_graph,
    read_readable,
)
from .kept import Texts, keep_domain, kept_domain, kept_with, key_of_texts, read_texts
from .lexicon import CORE, read_lexicon
from .model import (
    Class,
    Domain,
    FieldRule,
    GroupRow,
    IgnoreRule,
    NameRule,
    NodeShape,
    NounRule,
    PartRule,
    Phrase,
    PropertyShape,
    Relation,
    RowGroup,
    SectionRule,
    StateRule,
    TermRule,
    local_name,
    with_shapes,
)
from .notation import NotationError, Pattern, parse_example, parse_pattern
from .patterns import PatternError, ValuePattern, parse_value_pattern, written_pattern
from .shapes import read_shapes, refuse
from .slots import node_shapes
from .states import OWN_KEY, PERIOD
from .structure import graph_faults, import_faults
from .wikitext import Wikitext, read_wikitext

_PREFIX = re.compile(r"[^\W\d_](?:[\w.-]*[\w-])?")  # Turtle, production 167s

__all__ = [
    "OWN_KEY",
    "PERIOD",
    "SHAPES",
    "Class",
    "Domain",
    "DomainGraph",
    "English",
    "FieldRule",
    "Gazetteer",
    "GroupRow",
    "IgnoreRule",
    "NameRule",
    "NodeShape",
    "NotationError",
    "NounRule",
    "PartRule",
    "Pattern",
    "PatternError",
    "Phrase",
    "PropertyShape",
    "Relation",
    "RowGroup",
    "SectionRule",
    "StateRule",
    "TermRule",
    "ValuePattern",
    "Wikitext",
    "bundled_graph",
    "check_triple_terms",
    "fold",
    "graph_of_files",
    "kept_with",
    "local_name",
    "missing_imports",
    "parse_example",
    "parse_pattern",
    "parse_value_pattern",
    "part_files",
    "passed_over",
    "prefixes_of",
    "read_bytes",
    "read_domain",
    "read_parts",
    "read_text",
    "shape_files",
    "shapes_only",
    "written_pattern",
]


def read_domain(folder: Path | None = None) -> Domain:
    """Read a domain folder, by default the one that ships with lodkit.

    Raises:
        DomainError: a file is missing or broken, or a rule names what does not exist; names file, line and
            term.
    """
    is_bundled = folder is None
    place: Traversable = bundled_folder() if folder is None else folder
    texts = Texts()
    key = _key(texts, place, is_bundled=is_bundled)
    if key is None:
        return _read(place, texts, is_bundled=is_bundled)
    kept = kept_domain(key, texts, place, is_bundled=is_bundled)
    if kept is not None:
        return kept
    domain = _read(place, texts, is_bundled=is_bundled)
    if key == _key(Texts(), place, is_bundled=is_bundled):  # nobody wrote meanwhile
        keep_domain(key, domain)
    return domain


def _key(texts: Texts, place: Traversable, *, is_bundled: bool) -> str | None:
    """What a domain is kept under; None if nothing is kept, or a file cannot be read."""
    if cache_folder() is None:
        return None
    shared = Texts()
    try:
        read_texts(texts, place)
        if not is_bundled:
            read_texts(shared, bundled_folder())
    except DomainError:  # told where the domain is read
        return None
    return key_of_texts(texts, None if is_bundled else shared)


def _read(place: Traversable, texts: Texts, *, is_bundled: bool) -> Domain:
    graph = read_graph(place, read=texts.read)
    if not is_bundled:  # what ships is checked by the tests: it takes 40 ms
        _check(graph)
    prefixes = prefixes_of(graph)
    classes = dict(_classes(graph))
    shapes = read_shapes(graph)
    of_classes = node_shapes(shapes)
    english = read_english(_with_shared(graph, place, "WordList"), CORE)
    markup = _with_shared(graph, place, "Call")
    gazetteer = read_gazetteer(place, prefixes, classes, read=texts.read)
    shell = Domain(
        folder=place,
        is_bundled=is_bundled,
        version=_version(graph),
        prefixes=prefixes,
        classes=classes,
        node_shapes=of_classes,
        property_shapes={prop.iri: prop for shape in of_classes.values() for prop in shape.properties},
        phrases=(),
        relations=(),
        fields=(),
        nouns=(),
        terms=(),
        names=(),
        parts=(),
        quantities=(),
        sections=(),
        states=(),
        groups=(),
        ignored=(),
        disjoint=frozenset(_disjoint(graph)),
        minted_plural=frozenset(cls for cls in graph.triples if graph.text(cls, CORE + "minted") == "plural"),
        minted=frozenset(cls for cls, values in graph.triples.items() if values.get(CORE + "minted")),
        english=english,
        wikitext=read_wikitext(markup, classes, english, codes=gazetteer.codes, is_own=markup is graph),
        gazetteer=gazetteer,
        graph=graph,
    )
    return with_shapes(read_lexicon(shell), shapes)


def _check(graph: DomainGraph) -> None:
    """Check what reading and validating rely on.

    Raises:
        DomainError: the first thing that is wrong, with file and line; ``others`` has the rest.
    """
    imports = import_faults(graph, lambda: read_graph(bundled_folder(), ("ontology",)))
    refuse([*graph_faults(graph), *imports])


def bundled_folder() -> Traversable:
    """Return the folder with ``ontology/``, ``shapes/``, ``queries/`` and ``data/``: in the wheel, or the
    checkout's root.
    """
    packaged = files("lodkit").joinpath("_domain")
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3]


def bundled_graph() -> DomainGraph:
    """Return the ontology that ships with lodkit: its own vocabulary, and the lists of words of English."""
    return read_graph(bundled_folder(), ("ontology",))


def read_parts(folder: Path | None) -> tuple[DomainGraph, list[DomainError]]:
    """Return the graph of the files of a domain folder that can be read, and what is wrong with the others.

    Raises:
        DomainError: there is no ``ontology/`` or ``shapes/``.
    """
    return read_readable(folder if folder is not None else bundled_folder())


def _with_shared(graph: DomainGraph, place: Traversable, kind: str) -> DomainGraph:
    """English and the meaning of templates are shared by all domains: one that brings no word lists, or no
    calls, gets the bundled ones.
    """
    if graph.instances.get(CORE + kind):
        return graph
    return read_graph(bundled_folder(), ("ontology",)) if place != bundled_folder() else graph


def prefixes_of(graph: DomainGraph) -> dict[str, str]:
    """Prefixes by ``sh:declare`` (SHACL §5.2.1), then by ``@prefix``."""
    found: dict[str, str] = {}
    for subject, values in graph.triples.items():
        for node in map(key_of, values.get(SH + "declare", ())):
            prefix, namespace = graph.text(node, SH + "prefix"), graph.text(node, SH + "namespace")
            if not _PREFIX.fullmatch(prefix or "") or not _is_iri(namespace or ""):
                raise graph.error(f"sh:declare of {prefix!r} as {namespace!r}: no prefix of an IRI", subject)
            found[prefix or ""] = namespace or ""
    for file in graph.files:
        for prefix, namespace in file.prefixes.items():
            if prefix:
                found.setdefault(prefix, namespace)
    return dict(sorted(found.items()))


def _is_iri(text: str) -> bool:
    try:
        return bool(NamedNode(text).value)
    except ValueError:
        return False


def _version(graph: DomainGraph) -> str:
    """A short hash over the domain's Turtle files: other rules, other version."""
    digest = hashlib.sha256()
    for file in graph.files:
        digest.update(file.name.encode() + b"\0" + file.text.encode() + b"\0")
    return digest.hexdigest()[:12]


def _classes(graph: DomainGraph) -> Iterator[tuple[str, Class]]:
    for iri in graph.instances.get(OWL + "Class", ()):
        if iri.startswith("_:"):
            continue
        parents = tuple(p for p in graph.iris(iri, RDFS + "subClassOf"))
        heads = graph.objects(iri, OWL + "hasKey")
        keys = tuple(key_of(term) for head in heads for term in graph.collection(head))
        yield iri, Class(iri, graph.text(iri, RDFS + "label") or local_name(iri), parents, keys)


def _disjoint(graph: DomainGraph) -> Iterator[tuple[str, str]]:
    """Yield pairs of classes, both ways round, from ``owl:AllDisjointClasses`` and ``owl:disjointWith``."""
    groups = [
        [key_of(term) for head in graph.objects(iri, OWL + "members") for term in graph.collection(head)]
        for iri in graph.instances.get(OWL + "AllDisjointClasses", ())
    ]
    groups += [
        [iri, other]
        for iri in graph.instances.get(OWL + "Class", ())
        for other in graph.iris(iri, OWL + "disjointWith")
    ]
    for group in groups:
        yield from ((one, other) for one in group for other in group if one != other)
