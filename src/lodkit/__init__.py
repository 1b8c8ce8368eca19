"""Turn an encyclopedia article into linked data in which every triple conforms to the shapes and shows the
words it came from.

>>> import lodkit
>>> text = "= Blue Lantern =\\n\\nBlue Lantern is a political organization founded by Ada Lund in 1996."
>>> corpus = lodkit.Domain().read(text)
>>> [(row["founderLabel"], row["date"]) for row in corpus.query("founders")]
[('Ada Lund', '1996')]

`lodkit.api` has everything that is offered here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        Article,
        Corpus,
        Domain,
        DomainError,
        InputError,
        LimitError,
        LodkitError,
        QueryError,
        Report,
        StoreError,
        Table,
        UsageError,
        parse_article,
        read_dataset,
        read_graph,
    )

__version__ = "0.1.0"
__all__ = [
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
    "__version__",
    "parse_article",
    "read_dataset",
    "read_graph",
]


def __getattr__(name: str) -> Any:
    """Load what the package offers when it is asked for (PEP 562), so that ``import lodkit`` is light."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
