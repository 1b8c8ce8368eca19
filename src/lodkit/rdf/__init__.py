"""Quads and bytes: what an extraction says as RDF, and RDF in every format."""

from __future__ import annotations

from ..blank import OF_SHAPES, numbered, renamed
from .bridge import to_graph, to_rdflib
from .formats import (
    FORMATS,
    Format,
    check_base_iri,
    file_iri,
    format_named,
    format_of,
    namespaces,
    read,
    write,
)
from .lean import Level, lean, level_of
from .lines import quad_lines
from .quads import EVIDENCE, FACTS, Source, quads, read_source, without_evidence
from .reading import Reading
from .sparql import serialize, triples_block

__all__ = [
    "EVIDENCE",
    "FACTS",
    "FORMATS",
    "OF_SHAPES",
    "Format",
    "Level",
    "Reading",
    "Source",
    "check_base_iri",
    "file_iri",
    "format_named",
    "format_of",
    "lean",
    "level_of",
    "namespaces",
    "numbered",
    "quad_lines",
    "quads",
    "read",
    "read_source",
    "renamed",
    "serialize",
    "to_graph",
    "to_rdflib",
    "triples_block",
    "without_evidence",
    "write",
]
