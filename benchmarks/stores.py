"""The embedded store: opened and counted, and filled, each beside the engine alone."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph

from lodkit.build import build_article
from lodkit.domain import read_domain
from lodkit.store import Store
from measure import Table, command, interleaved, seconds

LODKIT = Path(sys.executable).with_name("lodkit")
OPENED_FASTER = 4  # times, than a store whose log is replayed
FILLED_WITHIN = 1.3  # times as long as the engine's bulk load
ROUNDS = 5
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BULK = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""


def quads_of(articles: Sequence[Path], folder: Path) -> Path:
    """Write what articles say as one file of N-Quads."""
    file, domain = folder / "all.nq", read_domain()
    with file.open("wb") as stream:
        for article in articles:
            quads = build_article(article, domain).quads()
            stream.write(pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"")
    return file


def filled(file: Path, place: Path) -> None:
    """Load by lodkit, as one process, without the ontology: only what is in the file."""
    command(LODKIT, "load", file, "--into", place, "--no-ontology")()


def bulk_loaded(file: Path, place: Path) -> None:
    """Load by the engine alone, as one process."""
    command(sys.executable, "-c", BULK, file, place)()


def opened(place: Path) -> None:
    """Open a store and count what it holds."""
    store = Store(place, read_only=True)
    list(store.solutions(COUNT))
    store.close()


def opening(articles: Sequence[Path]) -> Table:
    """A store as a load leaves it, and one whose engine has to go through its log first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = quads_of(articles, folder)
        filled(file, folder / "lodkit")
        with_log = pyoxigraph.Store(str(folder / "log"))
        with_log.extend(pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.N_QUADS))
        del with_log
        kinds = {"as a load leaves it": folder / "lodkit", "not flushed": folder / "log"}
        times = interleaved({kind: partial(opened, place) for kind, place in kinds.items()}, ROUNDS)
    left, log = (statistics.median(times[kind]) for kind in kinds)
    ratio = log / left
    rows = [
        (kind, f"{min(times[kind]) * 1000:.0f} ms", f"{statistics.median(times[kind]) * 1000:.0f} ms")
        for kind in kinds
    ]
    return Table(
        "Opening a store",
        f"{len(articles)} articles in a folder, opened and asked for the number of triples; {ROUNDS} interleaved runs. A load ends with a flush; "
        f"without it, each opening goes through the engine's log: {ratio:.1f} times as long (goal: at least {OPENED_FASTER}).",
        ("store", "least", "median"),
        rows,
        [f"opening: only {ratio:.1f} times faster than with a log"] if ratio < OPENED_FASTER else [],
    )


def filling(articles: Sequence[Path]) -> Table:
    """A load into a new folder beside the engine's bulk load of the same file."""
    ways: dict[str, Callable[[Path, Path], None]] = {"lodkit load": filled, "bulk_load": bulk_loaded}
    times: dict[str, list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = quads_of(articles, folder)
        with file.open("rb") as stream:
            count = sum(1 for _ in stream)
        for _ in range(ROUNDS):
            for way, load in ways.items():
                times[way].append(seconds(partial(load, file, folder / "store")))
                shutil.rmtree(folder / "store")
    pairs = zip(times["lodkit load"], times["bulk_load"], strict=True)
    ratio = statistics.median(own / engine for own, engine in pairs)
    rows = [(way, f"{min(times[way]):.2f} s", f"{statistics.median(times[way]):.2f} s") for way in ways]
    return Table(
        "Loading into a new folder",
        f"{len(articles)} articles, {count:,} quads in one N-Quads file, into a folder that is not there; {ROUNDS} interleaved rounds of whole "
        f"processes. lodkit checks who says what, and writes digests; the engine's `bulk_load` does not. The ratio, the median of the rounds' own, is "
        f"{ratio:.2f} (goal: {FILLED_WITHIN}).",
        ("way", "least", "median"),
        rows,
        [f"lodkit load: {ratio:.2f} times as long as bulk_load"] if ratio > FILLED_WITHIN else [],
    )
