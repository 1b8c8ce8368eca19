"""What a store keeps of each finished load, and what of all loads together is kept beside an embedded
store.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from ..errors import StoreError
from ..files import write_bytes
from ..rdf.quads import XSD

LEDGER = "lodkit.json"
"""The name of the ledger's file in the folder of an embedded store."""

_RECORD = re.compile(r"(?P<digest>[0-9a-f]{64})(?: (?P<quads>[0-9]{1,15})(?: (?P<changed>[0-9]{1,15}))?)?")
_NO_LEDGER = "see what is there with lodkit store --repair, which writes it anew"


@dataclass(frozen=True, slots=True)
class Record:
    """The digest of a unit with the number of its quads, in one literal so that they cannot part.

    ``quads`` is how many the layout finds again, None where an older lodkit loaded it; ``changed`` how many
    literals come back from the store in another form, which gives another digest.

    >>> str(Record("ab" * 32, 182))[60:]
    'abab 182'
    """

    digest: str
    quads: int | None = None
    changed: int = 0

    def __str__(self) -> str:
        parts = (self.digest, self.quads, self.changed or None)
        return " ".join(str(part) for part in parts if part is not None)


def parse_record(term: object) -> Record | None:
    """Return the record that a term holds, None if it is something else."""
    if not isinstance(term, Literal) or term.datatype.value != XSD + "string":
        return None
    found = _RECORD.fullmatch(term.value)
    if found is None:
        return None
    quads = int(found["quads"]) if found["quads"] else None
    return Record(found["digest"], quads, int(found["changed"] or 0))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What an embedded store held when its last load ended, and must hold at least.

    ``generation`` counts the loads that changed something; ``units`` and ``quads`` add the records up,
    ``contents`` is a digest of them; ``total`` is the number of all its quads, None where counting them takes
    too long.
    """

    generation: int = 0
    layout: str | None = None
    units: int = 0
    quads: int = 0
    contents: str = ""
    total: int | None = None


def read_ledger(folder: Path) -> Ledger | None:
    """Return the ledger of a store in a folder, None if it has none.

    Raises:
        StoreError: it cannot be read, or is damaged.
    """
    file = folder / LEDGER
    try:
        if not file.exists():
            return None
        values: dict[str, Any] = json.loads(file.read_bytes())
        check = values.pop("check")
        ledger = Ledger(**values)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise StoreError(message, file=str(file), hint="see whose the file is") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError("the list of what was loaded is damaged", file=str(file), hint=_NO_LEDGER) from error
    if check != _check(ledger):
        raise StoreError("the list of what was loaded is damaged", file=str(file), hint=_NO_LEDGER)
    return ledger


def missing_ledger(folder: Path) -> StoreError:
    """Return the error of a store whose ledger was taken away."""
    return StoreError("the list of what was loaded is missing", file=str(folder / LEDGER), hint=_NO_LEDGER)


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Put the ledger beside the store's files, in one step and synced.

    Raises:
        StoreError: it cannot be written.
    """
    values = asdict(ledger) | {"check": _check(ledger)}
    write_bytes(folder / LEDGER, json.dumps(values, sort_keys=True).encode() + b"\n")


def _check(ledger: Ledger) -> str:
    return hashlib.sha256(json.dumps(asdict(ledger), sort_keys=True).encode()).hexdigest()
