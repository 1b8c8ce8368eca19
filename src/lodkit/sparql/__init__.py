"""SPARQL texts: cut into tokens, guarded, and evaluated in one place."""

from .brackets import bracket_fault, mentioned, selects_all
from .evaluate import Answer, blank_quad, change, evaluate, evaluate_prebound
from .guard import refuse_fetching, refuse_unsafe
from .prebinding import (
    Needs,
    iri_of,
    is_separable,
    needs_of,
    prebinding_faults,
    prepare,
    undeclared_prefixes,
    with_path,
)
from .reach import normal_form, predicates_read
from .tokens import Token, error_at, line_and_column, significant, substitute, tokenize

__all__ = [
    "Answer",
    "Needs",
    "Token",
    "blank_quad",
    "bracket_fault",
    "change",
    "error_at",
    "evaluate",
    "evaluate_prebound",
    "iri_of",
    "is_separable",
    "line_and_column",
    "mentioned",
    "needs_of",
    "normal_form",
    "prebinding_faults",
    "predicates_read",
    "prepare",
    "refuse_fetching",
    "refuse_unsafe",
    "selects_all",
    "significant",
    "substitute",
    "tokenize",
    "undeclared_prefixes",
    "with_path",
]
