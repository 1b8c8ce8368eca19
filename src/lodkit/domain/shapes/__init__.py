"""The one reader of SHACL: a graph to shapes as values, with all that is wrong with them."""

from __future__ import annotations

from ...errors import DomainError
from ..graph import DomainGraph
from .faults import DEEPEST_SHAPE, MOST_FAULTS, shape_faults, term_faults, unknown_terms, without_effect
from .kinds import list_fault
from .model import (
    Constraint,
    Documentation,
    Query,
    Shape,
    ShapesGraph,
    Target,
    TargetKind,
    Value,
)
from .paths import (
    DEEPEST_PATH,
    Either,
    Inverse,
    Path,
    PathError,
    Predicate,
    Repeated,
    Steps,
    path_text,
    plain,
    predicates_of,
    read_path,
)
from .queries import declared_prefixes
from .reader import read_shapes
from .vocabulary import Component, Parameter, advanced_terms, vocabulary

__all__ = [
    "DEEPEST_PATH",
    "DEEPEST_SHAPE",
    "MOST_FAULTS",
    "Component",
    "Constraint",
    "Documentation",
    "Either",
    "Inverse",
    "Parameter",
    "Path",
    "PathError",
    "Predicate",
    "Query",
    "Repeated",
    "Shape",
    "ShapesGraph",
    "Steps",
    "Target",
    "TargetKind",
    "Value",
    "advanced_terms",
    "checked_shapes",
    "declared_prefixes",
    "list_fault",
    "path_text",
    "plain",
    "predicates_of",
    "read_path",
    "read_shapes",
    "refuse",
    "shape_faults",
    "term_faults",
    "unknown_terms",
    "vocabulary",
    "without_effect",
]


def checked_shapes(graph: DomainGraph) -> ShapesGraph:
    """Read the shapes of a graph.

    Raises:
        DomainError: something is wrong with them; ``others`` has the rest of it.
    """
    shapes = read_shapes(graph)
    refuse(shape_faults(shapes))
    return shapes


def refuse(faults: list[DomainError]) -> None:
    """Raise the first of some faults by file and line, with the others in that order.

    Raises:
        DomainError: there is one.
    """
    if faults:
        first, *others = sorted(faults, key=lambda error: (error.file or "", error.line or 0))
        first.others = tuple(others)
        raise first
