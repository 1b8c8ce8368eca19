"""What canned queries cost as a store grows: those of one thing, and that of all facts by section."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph

from lodkit.build import build_article
from lodkit.domain import Domain, read_domain
from lodkit.query import CannedQuery, find_query, ontology, run
from lodkit.store import Store
from measure import Row, Table, interleaved

OF_ONE_THING = ("about", "founders", "evidence", "names")
OF_ALL = "sections"
COPIES = 4  # as many times the articles, under other names, are in the largest store
WITHIN = 2.0  # times as long in the largest store as in the smallest
LINEAR_WITHIN = 1.5  # times as long for a row in the largest store as in the middle one
ROUNDS = 25
ROUNDS_OF_ALL = 3

Stores = dict[int, Store]


def growing(files: Sequence[Path], samples: Sequence[Path]) -> Table:
    """Ask the same of a few articles, of many, and of these and copies of them under other names."""
    domain = read_domain()
    stores = dict(built(files, [path.stem for path in samples], domain))
    things = [f"<{domain.prefixes['id']}{path.stem}>" for path in samples]
    rows, missed = [], []
    for name in OF_ONE_THING:
        query = find_query(domain, name)
        same = [thing for thing in things if has_same_answer(query, thing, stores, domain)]
        actions: dict[str, Callable[[], object]] = {
            str(size): partial(ask_all, query, same, store, domain) for size, store in stores.items()
        }
        times = list(interleaved(actions, ROUNDS).values())
        ratio = statistics.median(last / first for first, last in zip(times[0], times[-1], strict=True))
        count = sum(ask_all(query, same, next(iter(stores.values())), domain))
        rows.append(row_of(f"{name}, {len(same)} things", count, times, ratio, WITHIN))
        if ratio > WITHIN:
            missed.append(f"{name}: {ratio:.1f} times as long in the largest store as in the smallest")
    row, told = by_section(stores, domain)
    sizes = ", ".join(f"{size} articles with {len(store):,} quads" for size, store in stores.items())
    note = (
        f"In memory: {sizes}, the ontology among them; copies have other names. What is asked of things has the same answer in all. "
        f"{ROUNDS} interleaved rounds of what is asked of things, {ROUNDS_OF_ALL} of {OF_ALL}, of which the ratio is that of the times for a "
        "row, in the largest store and in the middle one; the other ratios are of the largest and the smallest, the median of the rounds' own."
    )
    header = ("query", "rows", *(f"{size} articles" for size in stores), "ratio", "goal")
    return Table("Questions in growing stores", note, header, [*rows, row], missed + told)


def built(files: Sequence[Path], samples: Sequence[str], domain: Domain) -> Iterator[tuple[int, Store]]:
    """Yield the stores by the number of articles: the samples, all files, all files and their copies."""
    quads = {path.stem: list(build_article(path, domain).quads()) for path in files}
    vocabulary = list(ontology(domain))
    few, many = Store(), Store()
    few.add([*vocabulary, *(quad for name in samples for quad in quads[name])])
    many.add([*vocabulary, *(quad for own in quads.values() for quad in own)])
    text = b"".join(
        pyoxigraph.serialize(own, format=pyoxigraph.RdfFormat.N_QUADS) or b"" for own in quads.values()
    )
    most = Store()
    most.add(vocabulary)
    for number in range(COPIES):
        most.add(pyoxigraph.parse(renamed(text, number, domain), pyoxigraph.RdfFormat.N_QUADS))
    yield from ((len(samples), few), (len(files), many), (COPIES * len(files), most))


def renamed(text: bytes, number: int, domain: Domain) -> bytes:
    """Return N-Quads in which every article and thing has another name; the first copy keeps its own."""
    for prefix in ("id", "article") if number else ():
        space = domain.prefixes[prefix].encode()
        text = text.replace(b"<" + space, b"<%bcopy-%d-" % (space, number))
    return text


def has_same_answer(query: CannedQuery, thing: str, stores: Stores, domain: Domain) -> bool:
    return len({run(query, store, {"entity": thing}, domain=domain).rows for store in stores.values()}) == 1


def ask_all(query: CannedQuery, things: Sequence[str], store: Store, domain: Domain) -> list[int]:
    """Ask a query of each thing; return the numbers of rows."""
    return [len(run(query, store, {"entity": thing}, domain=domain).rows) for thing in things]


def by_section(stores: Stores, domain: Domain) -> tuple[Row, list[str]]:
    """All facts by section: its row of the table, and the goal if it was missed."""
    query = find_query(domain, OF_ALL)
    actions: dict[str, Callable[[], object]] = {
        str(size): partial(run, query, store, {}, domain=domain) for size, store in stores.items()
    }
    times = list(interleaved(actions, ROUNDS_OF_ALL).values())
    _, middle, most = (len(run(query, store, {}, domain=domain).rows) for store in stores.values())
    ratio = statistics.median(
        last / most / (first / middle) for first, last in zip(times[1], times[2], strict=True)
    )
    told = f"{OF_ALL}: {ratio:.1f} times as long for a row in the largest store as in the middle one"
    return row_of(OF_ALL, most, times, ratio, LINEAR_WITHIN), [told] if ratio > LINEAR_WITHIN else []


def row_of(name: str, count: int, times: Sequence[Sequence[float]], ratio: float, goal: float) -> Row:
    return (
        name,
        str(count),
        *(f"{min(taken) * 1000:.1f} ms" for taken in times),
        f"{ratio:.2f}",
        f"{goal}",
    )
