"""Who validates, and what comes of it: the compiled shapes, or pySHACL."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Triple

from ..errors import InputError
from ..shacl import Asking, Coverage, background, coverage, index, validate
from .findings import Finding, Known, finding_of, place_of
from .graphs import text_of
from .report import SH, ShapeCount, Term, UnknownProperty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import Domain
    from .graphs import Triples


class Engine(StrEnum):
    """The validators there are; BEST is the compiled one wherever it can do what the shapes ask for."""

    BEST = "best"
    COMPILED = "lodkit"
    PYSHACL = "pyshacl"


@contextmanager
def without_collections(*, unless: bool = False) -> Iterator[None]:
    """Keep Python from looking for cycles: the compiled engine makes none, and each look goes through all
    the data there are. pySHACL makes many.
    """
    is_on = gc.isenabled() and not unless
    if is_on:
        gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Checked:
    """What shapes found in one graph, and what they did not look at."""

    findings: tuple[Finding, ...] = ()
    focus_nodes: int = 0
    counts: tuple[ShapeCount, ...] = ()
    uncovered: tuple[Term, ...] = ()
    unknown: tuple[UnknownProperty, ...] = ()


def chosen(engine: Engine, domain: Domain) -> tuple[Engine, str | None]:
    """Return the engine to use, and why it is not the compiled one, or what that one passes over."""
    terms = sorted(f"sh:{iri.removeprefix(SH)}" for iri in domain.shapes.advanced)
    used = ", ".join(terms)
    if not terms:
        return (Engine.COMPILED if engine is Engine.BEST else engine), None
    if engine is Engine.COMPILED:
        return engine, f"the shapes use {used}, which was passed over: only pySHACL knows it"
    return Engine.PYSHACL, f"the shapes use {used} (SHACL-AF): pySHACL validated"


def check(
    triples: Triples, domain: Domain, engine: Engine, *, is_foreign: bool, is_covered: bool = True
) -> Checked:
    """Validate one graph; unless ``is_covered``, what shapes did not look at is not gone into.

    Raises:
        DomainError: a shape cannot be used.
        LimitError: shapes or data take too much.
        InputError: a term is a triple (RDF 1.2).
    """
    for _, _, value in triples:
        if isinstance(value, Triple):
            raise InputError(f"a triple as a term (RDF 1.2) cannot be validated: {value}")
    shapes = domain.shapes
    data = index(triples, background(triples, domain.graph))
    is_foreign = is_foreign or not domain.is_bundled
    if engine is Engine.PYSHACL:
        from ..shacl.pyshacl import validate as validate_by_pyshacl

        outcome = validate_by_pyshacl(data, shapes, is_foreign=is_foreign)
    else:
        shown = lru_cache(maxsize=1024)(lambda term: _shown(term, domain))  # the same for many results
        with Asking(data, shapes, is_foreign=is_foreign) as asking:
            outcome = validate(data, shapes, asking, shown)
    missed = coverage(data, shapes, outcome) if is_covered else Coverage((), ())
    known: Known = {}
    return Checked(
        tuple(finding_of(result, domain, known) for result in outcome.results),
        len(outcome.focus_nodes),
        tuple(
            ShapeCount(domain.graph.named(one.shape.key), one.targets, one.failed) for one in outcome.checked
        ),
        tuple(sorted(missed.nodes, key=str)),
        tuple(UnknownProperty(one.predicate, one.nodes, one.example) for one in missed.properties),
    )


def _shown(term: Term, domain: Domain) -> str:
    if isinstance(term, BlankNode) and str(term) in domain.graph.triples:
        return place_of(term, domain)
    return domain.compact(term.value) if isinstance(term, NamedNode) else text_of(term)
