"""SPARQL texts: cut into tokens, guarded, and evaluated in one place."""

from .evaluate import Answer, change, evaluate
from .guard import refuse_fetching, refuse_unsafe
from .tokens import Token, error_at, line_and_column, substitute, tokenize

__all__ = [
    "Answer",
    "Token",
    "change",
    "error_at",
    "evaluate",
    "line_and_column",
    "refuse_fetching",
    "refuse_unsafe",
    "substitute",
    "tokenize",
]
