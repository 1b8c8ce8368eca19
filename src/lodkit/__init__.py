"""Turn an encyclopedia article into linked data in which every triple conforms to the shapes and shows the
words it came from.

>>> import lodkit
>>> graph = lodkit.read_graph("Blue_Lantern.txt")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import read_dataset, read_graph

__version__ = "0.1.0"
__all__ = ["__version__", "read_dataset", "read_graph"]


def __getattr__(name: str) -> Any:
    """Load what the package offers when it is asked for (PEP 562), so that ``import lodkit`` is light."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.build"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
