"""Whether an embedded store holds what was loaded into it: sealed at the end of each load, looked at when it
is opened, mended as far as it can be.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from ..errors import StoreError
from ..store import REBUILD
from .contents import counts_of, is_whole, units_in
from .layout import GENERATION, LOADS, PREFIXES, SEAL
from .plan import forgetting
from .records import Ledger, missing_ledger, parse_record, read_ledger, write_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..store import Store
    from .contents import Loaded
    from .layout import Layout
    from .loading import Target

MOST_COUNTED = 500_000
"""How many quads are counted when a store is opened; that takes at most a fifth of a second."""

_AT_ONCE = 100  # digests taken away by one update
_REPAIR = "lodkit store --repair keeps what is whole; then load again what is not"


class Changeable(Protocol):
    """A store that takes updates."""

    def update(self, text: str) -> None: ...


def begin(store: Store) -> None:
    """Put a ledger beside a store that nothing was loaded into, so that a missing one is told from an old
    store.

    Raises:
        StoreError: the disk fails.
    """
    folder = store.folder
    if folder is not None and read_ledger(folder) is None and next(iter(store), None) is None:
        write_ledger(folder, Ledger())


def seal(store: Store, layout: Layout) -> None:
    """End a load: write down how much the store holds, in it and beside it, with all of it on the disk.

    The number of the load goes into the store first, so that a store that lacks it has lost something; the
    ledger comes last, so that whatever ends in between is only a load that was not finished.

    Raises:
        StoreError: the disk fails.
    """
    if store.folder is None:
        return
    old = read_ledger(store.folder) or Ledger()
    held = _generation(store, layout)
    now = _summed(store, layout)
    if (held, now.contents) == (old.generation, old.contents):
        store.flush()
        return
    now = replace(now, generation=max(old.generation, held or 0) + 1)
    _stamp(store, layout, now.generation)
    store.flush()
    total = len(store) if now.quads <= MOST_COUNTED else None
    write_ledger(store.folder, replace(now, total=total))


def check(store: Store, layout: Layout | None) -> None:
    """Look whether an embedded store holds at least what it held when the last load ended.

    It takes a look at each index of the engine and one at the record of each unit; of up to
    ``MOST_COUNTED`` quads, it also counts them.

    Raises:
        StoreError: something is missing, or what tells it is.
    """
    if store.folder is None:
        return
    ledger = read_ledger(store.folder)
    if ledger is None:
        if layout is not None and _generation(store, layout) is not None:
            raise missing_ledger(store.folder)
        return
    if not ledger.generation or (not ledger.units and layout is None):
        return  # no load has ended yet, or a repair found nothing
    now = _summed(store, layout) if layout is not None else Ledger()
    held = _generation(store, layout) if layout is not None else None
    is_recent = layout is not None and held is not None and held >= ledger.generation
    if (
        not is_recent
        or layout is None
        or not store.is_held(_seal(layout, held or 0))
        or _has_too_few(store, ledger, now)
    ):
        raise _lost(store.folder, ledger, now, len(store))


def _has_too_few(store: Store, ledger: Ledger, now: Ledger) -> bool:
    """A unit without a record is not finished, and there; one that is gone took its quads with it."""
    without = ledger.units - now.units
    if without <= 0 and now.contents != ledger.contents:
        return False  # a load that was not finished came since: what it replaced may have been larger
    if ledger.total is None and without <= 0:
        return False
    least = ledger.total if ledger.total is not None else ledger.quads
    return len(store) + without < least


def _lost(folder: Path, ledger: Ledger, now: Ledger, total: int) -> StoreError:
    if now.units < ledger.units:
        found = f"{now.units} of {ledger.units} units"
    elif ledger.total is not None and total < ledger.total:
        found = f"{total} of {ledger.total} quads"
    else:
        found = f"only a part of {ledger.units} units"
    return StoreError(f"has lost what was loaded: {found} are there", file=str(folder), hint=_REPAIR)


def _summed(store: Store, layout: Layout) -> Ledger:
    found = list(store.solutions(f"SELECT ?document ?digest {{ {layout.digests()} }}"))
    records = [parse_record(row["digest"]) for row in found]
    quads = sum(record.quads or 0 for record in records if record is not None)
    contents = hashlib.sha256()
    for line in sorted(f"{row['document']} {row['digest']}\n" for row in found):
        contents.update(line.encode())
    return Ledger(layout=layout.name, units=len(found), quads=quads, contents=contents.hexdigest())


def _generation(store: Store, layout: Layout) -> int | None:
    """The number of the last load whose end the store knows of."""
    pattern = layout.data(LOADS, f"<{SEAL}> <{GENERATION}> ?n")
    found = [row["n"].value for row in store.solutions(f"SELECT ?n {{ {pattern} }}")]
    return max((int(text) for text in found if text.isascii() and text.isdigit()), default=None)


def _stamp(store: Store, layout: Layout, generation: int) -> None:
    old = layout.data(LOADS, f"<{SEAL}> <{GENERATION}> ?n")
    new = layout.data(LOADS, f'<{SEAL}> <{GENERATION}> "{generation}"')
    store.update(f"DELETE WHERE {{ {old} }} ; INSERT DATA {{ {new} }}")


def _seal(layout: Layout, generation: int) -> Quad:
    graph = layout.target(LOADS)
    return Quad(
        NamedNode(SEAL),
        NamedNode(GENERATION),
        Literal(str(generation)),
        NamedNode(graph) if graph else DefaultGraph(),
    )


@dataclass(frozen=True, slots=True)
class Damaged:
    """A unit of which another number of quads is there than was loaded; None where they cannot be read."""

    unit: Loaded
    found: int | None

    def __str__(self) -> str:
        if self.found is None:
            return f"{self.unit.name}: its quads cannot be read"
        return f"{self.unit.name}: {self.found} of {self.unit.quads} quads are there"


def damaged_units(target: Target, layout: Layout) -> list[Damaged]:
    """Return the units that have other numbers of quads than were loaded.

    Raises:
        StoreError: not even what was loaded can be read.
    """
    damaged = []
    for unit in units_in(target, layout):
        try:
            found = sum(counts_of(target, layout, unit))
        except StoreError:
            damaged.append(Damaged(unit, None))
            continue
        if not is_whole(layout, unit, found):
            damaged.append(Damaged(unit, found))
    return damaged


def forget(target: Changeable, layout: Layout, damaged: Sequence[Damaged]) -> None:
    """Take the digests of units away, so that the next load replaces them.

    Raises:
        StoreError: the store fails.
    """
    for part in range(0, len(damaged), _AT_ONCE):
        names = [unit.unit.name for unit in damaged[part : part + _AT_ONCE]]
        target.update(PREFIXES + forgetting(names, layout))


def refuse_inconsistent(store: Store) -> None:
    """Refuse a store whose indexes contradict each other; it goes through all of them.

    Raises:
        StoreError: they do, or the disk fails.
    """
    if not store.is_consistent():
        message = "has lost a part of its indexes: some quads are found from one side and not from another"
        raise StoreError(message, file=str(store.folder), hint=REBUILD)


def seal_anew(store: Store, layout: Layout) -> Ledger | None:
    """Write down what a store holds now in place of what it should hold; return that, None where it cannot
    be read.

    Raises:
        StoreError: the disk fails.
    """
    folder = store.folder
    if folder is None:
        return None
    try:
        old = read_ledger(folder)
    except StoreError:
        old = None
    generation = max(old.generation if old else 0, _generation(store, layout) or 0) + 1
    _stamp(store, layout, generation)
    store.flush()
    now = _summed(store, layout)
    total = len(store) if now.quads <= MOST_COUNTED else None
    write_ledger(folder, replace(now, generation=generation, total=total))
    return old
