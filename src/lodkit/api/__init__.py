"""lodkit as a library: read articles by a domain into a corpus, look at it, ask it, validate and write it.

    Domain(folder).read(text, path, folder or Article …) ──▶ Corpus ──▶ Table · Report · files · a store

Nothing here prints, and nothing is cut in silence: what does not fit is one of the errors of `lodkit.errors`.
"""

from ..build import read_dataset, read_graph
from ..errors import (
    DomainError,
    InputError,
    LimitError,
    LodkitError,
    QueryError,
    StoreError,
    UsageError,
)
from ..query import Table
from ..source import Article, parse_article
from ..validate import Report
from .corpus import Corpus
from .domain import Domain
from .sample import SAMPLE

__all__ = [
    "SAMPLE",
    "Article",
    "Corpus",
    "Domain",
    "DomainError",
    "InputError",
    "LimitError",
    "LodkitError",
    "QueryError",
    "Report",
    "StoreError",
    "Table",
    "UsageError",
    "parse_article",
    "read_dataset",
    "read_graph",
]
