"""How stores are spoken with, as the command line says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Connection:
    """How the user wants a store to be spoken with; None is "as fits". ``ontology`` tells whether that of the
    domain is loaded too.
    """

    profile: str | None = None
    timeout: float | None = None
    deadline: float | None = None
    layout: str | None = None
    dry_run: bool = False
    replace: bool = False
    config: Path | None = None
    ontology: bool = True
