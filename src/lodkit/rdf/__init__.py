"""Quads and bytes: what an extraction says as RDF, and RDF in every format (DESIGN §3, §6)."""

from __future__ import annotations

from .bridge import to_graph, to_rdflib
from .formats import FORMATS, Format, format_named, format_of, namespaces, read, write
from .jsonld import context, context_document
from .quads import EVIDENCE, FACTS, Source, quads, read_source

__all__ = [
    "EVIDENCE",
    "FACTS",
    "FORMATS",
    "Format",
    "Source",
    "context",
    "context_document",
    "format_named",
    "format_of",
    "namespaces",
    "quads",
    "read",
    "read_source",
    "to_graph",
    "to_rdflib",
    "write",
]
