"""Validation by the compiled shapes against pySHACL, and with more and more data."""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from lodkit.build import build_article
from lodkit.domain import Domain, read_domain
from lodkit.shacl import Asking, background, index
from lodkit.shacl import pyshacl as second_engine
from lodkit.shacl import validate as by_lodkit
from lodkit.validate import Engine, validate
from measure import Row, Table, interleaved, milliseconds, seconds

TIMES_PYSHACL = 20
"""How many times faster than pySHACL the compiled shapes are to be."""

QUADS = 96_000
STEPS = (1, 2, 4)
"""How much of the quads is validated: a quarter, a half and all."""

WARM = 2_000
"""How many quads are validated first where memory is measured, so that what is made once is there."""

LINEAR_WITHIN = 1.25
"""How much more time or memory a quad may take in the most data than in the least."""


def warm(sample: Path) -> Table:
    """One engine against the other over the facts of the sample article."""
    domain = read_domain()
    quads = build_article(sample, domain).quads(evidence=False)
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    data, shapes = index(triples, background(triples, domain.graph)), domain.shapes

    def compiled() -> object:
        with Asking(data, shapes, is_foreign=False) as asking:
            return by_lodkit(data, shapes, asking)

    actions: dict[str, Callable[[], object]] = {
        "lodkit": compiled,
        "pySHACL": partial(second_engine.run_pyshacl, *second_engine.as_rdflib(data, shapes)),
        "pySHACL, with making its graphs": partial(second_engine.validate, data, shapes),
    }
    times = interleaved(actions, 9)
    ratio = statistics.median(
        slow / fast for fast, slow in zip(times["lodkit"], times["pySHACL"], strict=True)
    )
    rows = [
        (
            name,
            f"{min(taken) * 1000:.1f} ms",
            f"{statistics.median(taken) * 1000:.1f} ms",
            f"{ratio:.0f}×" if name == "lodkit" else "",
            f"{TIMES_PYSHACL}×" if name == "lodkit" else "",
        )
        for name, taken in times.items()
    ]
    missed = [f"validation of the sample: {ratio:.0f}× pySHACL"] if ratio < TIMES_PYSHACL else []
    note = (
        f"The {len(triples)} facts of the sample article against all shapes, both given the same triples, parsed and indexed before (and, in the last row, not as rdflib has them); "
        "pySHACL gets only the shapes that have focus nodes. 9 interleaved runs after one that does not count; the ratio is "
        "the median of the rounds' own."
    )
    return Table("Validation", note, ("engine", "least", "median", "ratio", "goal"), rows, missed)


def growing(articles: Sequence[Path]) -> Table:
    """Facts and evidence of more and more articles, as one data set."""
    domain = read_domain()
    sets = many(articles, domain)
    actions: dict[str, Callable[[], object]] = {
        str(len(quads)): partial(validate, quads, domain, evidence=True) for quads in sets
    }
    times = interleaved(actions, 3)
    other = seconds(partial(validate, sets[0], domain, evidence=True, engine=Engine.PYSHACL))
    peaks = [peak(quads) for quads in sets]
    each = [min(times[str(len(quads))]) / len(quads) for quads in sets]
    memory = [most / len(quads) for most, quads in zip(peaks, sets, strict=True)]
    rows: list[Row] = [
        (
            f"{len(quads):,}",
            milliseconds(min(times[str(len(quads))])),
            milliseconds(statistics.median(times[str(len(quads))])),
            f"{each[number] * 1e6:.1f} µs",
            f"{memory[number]:.0f} bytes",
            f"{other / min(times[str(len(quads))]):.1f}×" if number == 0 else "",
        )
        for number, quads in enumerate(sets)
    ]
    missed = [
        f"{what} of a quad grows {found[-1] / found[0]:.2f} times"
        for what, found in (("the time", each), ("the memory", memory))
        if found[-1] / found[0] > LINEAR_WITHIN
    ]
    note = (
        "Articles, again and again under other bases, facts and evidence both validated, given as quads; the least and the "
        "median of 3 interleaved runs, by how much a new process that holds the quads grows at most while it validates them, "
        "and how long `--engine pyshacl` takes for the least data, once. "
        f"Time and memory of a quad may grow {LINEAR_WITHIN} times."
    )
    header = ("quads", "least", "median", "a quad", "memory a quad", "pySHACL")
    return Table("Validation with evidence", note, header, rows, missed)


def many(articles: Sequence[Path], domain: Domain) -> list[list[Quad]]:
    """Quads of articles: a quarter of QUADS, half of them, and all."""
    found: list[Quad] = []
    sets: list[list[Quad]] = []
    sizes = [QUADS * step // STEPS[-1] for step in STEPS]
    for round_ in range(1_000):
        for path in articles:
            found += build_article(path, domain, base=f"https://example.org/{round_}/").quads()
            while len(sets) < len(sizes) and len(found) >= sizes[len(sets)]:
                sets.append(list(found))
            if len(sets) == len(sizes):
                return sets
    raise ValueError("the articles say too little")


def peak(quads: Sequence[Quad]) -> int:
    """The most bytes by which a process of its own grows while it validates quads that it holds: Python's
    objects and the engine's.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quads.nq"
        serialize(quads, str(path), RdfFormat.N_QUADS)
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return pool.submit(growth, path).result()


def growth(path: Path) -> int:
    """The most bytes by which this process grows while it validates the quads of a file."""
    domain = read_domain()
    quads = list(parse(path=str(path), format=RdfFormat.N_QUADS))
    validate(quads[:WARM], domain, evidence=True)
    resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    validate(quads, domain, evidence=True)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - resident
