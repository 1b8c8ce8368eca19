"""Measure lodkit against bare Python and rdflib, each ratio within one run, and write ``results.md`` beside
this file.

    python benchmarks/run.py [start-up|extraction|build|validation|evidence|queries|questions|size|opening|filling|loading|wikitext ...]

Absolute numbers drift with the machine; runs of what is compared are interleaved, and a table gives the least
and the median of them.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph
import rdflib

import measure
import questions
import sizes
import stores
import validation
import wikitext
from lodkit.build import build_article
from lodkit.domain import Domain, Pattern, read_domain
from lodkit.domain.notation import Element, Maybe, Words
from lodkit.extract import extract
from lodkit.extract.lexis import lexis_of
from lodkit.query import bind, bundled_dataset, catalogue, resolve
from lodkit.rdf import to_graph, to_rdflib
from lodkit.source import parse_article
from lodkit.store import Store
from measure import Table, command, interleaved, milliseconds, seconds

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results.md")
SAMPLE = ROOT / "data" / "articles" / "Peru_People's_Movement.txt"
LODKIT = Path(sys.executable).with_name("lodkit")
SHARED = ROOT.parent / "shared" / "articles"
ARTICLES = SHARED if SHARED.is_dir() else ROOT / "data" / "articles"

HELP_WITHIN = 0.2  # seconds above bare Python
QUERY_WITHIN = 0.35  # seconds above bare Python
BUILD_WITHIN = 0.35  # seconds of the processor above bare Python, cold
KILOBYTES_PER_SECOND = 200
FACTORS = (1, 3, 10)
LOADING_WITHIN = 1.5  # times as long as curl
TRIPLES = 200_000
CURL = ["curl", "-sSf", "-o", os.devnull, "-X", "POST"]


def start_up() -> Table:
    """Cold starts of the command line against bare Python."""
    bare = "python -c pass"
    goals = {"lodkit --help": HELP_WITHIN, "lodkit query founders": QUERY_WITHIN}
    calls = [bare, "lodkit --version", *goals]
    actions = {bare: command(sys.executable, "-c", "pass")} | {
        name: command(LODKIT, *name.split()[1:]) for name in calls[1:]
    }
    times = interleaved(actions, 15)
    rows, missed = [], []
    for name in calls:
        above = statistics.median(times[name]) - statistics.median(times[bare])
        goal = goals.get(name)
        rows.append(
            (
                f"`{name}`",
                milliseconds(min(times[name])),
                milliseconds(statistics.median(times[name])),
                milliseconds(above),
                f"{milliseconds(goal)}" if goal else "",
            )
        )
        if goal and above > goal:
            missed.append(f"`{name}`: {milliseconds(above)} above bare Python")
    return Table(
        "Start-up",
        "15 interleaved runs, in a folder without data.",
        ("command", "least", "median", "above bare Python", "goal"),
        rows,
        missed,
    )


def grown(domain: Domain, factor: int, same_words: bool) -> Domain:
    """Return the domain with each phrase ``factor`` times; the copies have IRIs of their own, and other words
    unless ``same_words``.

    A phrase that consists of punctuation and function words has no other words, and is not copied then.
    """
    copies = []
    for number in range(1, factor):
        for phrase in domain.phrases:
            patterns = (
                phrase.patterns
                if same_words
                else tuple(renamed(pattern, number, domain) for pattern in phrase.patterns)
            )
            if same_words or not set(patterns) & set(phrase.patterns):
                copies.append(replace(phrase, iri=f"{phrase.iri}-copy-{number}", patterns=patterns))
    return replace(domain, phrases=(*domain.phrases, *copies))


def renamed(pattern: Pattern, number: int, domain: Domain) -> Pattern:
    """Return the pattern with other words in place of verbs, nouns and adjectives, as a phrase for something
    else would have.
    """
    closed = lexis_of(domain).closed

    def other(word: str) -> str:
        return word if word.lower() in closed or not word[0].isalpha() else f"{word}x{'abcdefghij'[number]}"

    def rename(element: Element) -> Element:
        if isinstance(element, Maybe):
            return Maybe(tuple(map(rename, element.elements)))
        if isinstance(element, Words):
            return Words(tuple((tuple(map(other, words)), exact) for words, exact in element.alternatives))
        return element

    return Pattern(
        tuple(map(rename, pattern.core)), tuple(tuple(map(rename, adjunct)) for adjunct in pattern.adjuncts)
    )


def extraction() -> Table:
    """Text to statements on one core, with more and more phrases."""
    domain = read_domain()
    texts = [read_text(path) for path in sorted(ARTICLES.glob("*.txt"))]
    size = sum(len(text.encode()) for text in texts)
    variants = {"1×": domain}
    for factor in FACTORS[1:]:
        variants[f"{factor}×, other words"] = grown(domain, factor, same_words=False)
        variants[f"{factor}×, same words"] = grown(domain, factor, same_words=True)
    times = interleaved({name: partial(pass_over, texts, variant) for name, variant in variants.items()}, 3)
    first = min(times["1×"])
    rows = [
        (
            name,
            str(len(variants[name].phrases)),
            f"{size / 1000 / min(taken):.0f} kB/s",
            f"{min(taken) / first:.2f}",
            f"{KILOBYTES_PER_SECOND} kB/s" if name == "1×" else "",
        )
        for name, taken in times.items()
    ]
    speed = size / 1000 / first
    missed = [] if speed >= KILOBYTES_PER_SECOND else [f"extraction: {speed:.0f} kB/s"]
    note = (
        f"{len(texts)} articles, {size // 1000} kB, parsed and read on one core, the domain loaded before; "
        "the least of 3 interleaved passes. "
        "Added phrases are copies under other IRIs: with other words, as a growing lexicon has, "
        "or with the same words, so that each sentence triggers every copy."
    )
    return Table("Extraction", note, ("phrases", "number", "speed", "time against 1×", "goal"), rows, missed)


def read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def pass_over(texts: Sequence[str], domain: Domain) -> int:
    """Read every text; return the number of statements."""
    abbreviations = domain.english.words("abbreviation")
    return sum(
        len(extract(parse_article(text, abbreviations=abbreviations), domain).statements) for text in texts
    )


def build() -> Table:
    """A cold, validated build of the sample article."""
    bare, built = "python -c pass", "lodkit build, validated"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "sample.trig")
        actions = {
            bare: command(sys.executable, "-c", "pass"),
            built: command(LODKIT, "build", SAMPLE, "-o", out),
            "lodkit build, validated, --no-cache": command(LODKIT, "build", SAMPLE, "--no-cache", "-o", out),
            "lodkit validate": command(LODKIT, "validate", out),
        }
        actions[built]()
        times = interleaved(actions, 15, measure.cpu_seconds)
    above = {name: statistics.median(taken) - statistics.median(times[bare]) for name, taken in times.items()}
    rows = [
        (
            name,
            milliseconds(min(taken)),
            milliseconds(statistics.median(taken)),
            milliseconds(above[name]),
            milliseconds(BUILD_WITHIN) if name == built else "",
        )
        for name, taken in times.items()
    ]
    return Table(
        "Cold build",
        "The sample article to TriG and its validation, each a process of its own: user and system time of 15 interleaved runs.",
        ("command", "least", "median", "above bare Python", "goal"),
        rows,
        [f"{built}: {milliseconds(above[built])} above bare Python"] if above[built] > BUILD_WITHIN else [],
    )


def queries() -> Table:
    """The canned queries on the embedded store and on rdflib, over the bundled graphs."""
    domain = read_domain()
    store = bundled_dataset(domain)
    dataset = to_rdflib(store)
    graph = to_graph(store)
    rows, ratios = [], []
    for name, text in askable(domain, store):
        embedded, slow = list(store.solutions(text)), dataset if " GRAPH " in text else graph
        fast = min(seconds(partial(answer, store, text)) for _ in range(5))
        found = answer_slowly(slow, text)
        other = min(seconds(partial(answer_slowly, slow, text)) for _ in range(3))
        ratios.append(other / fast)
        rows.append(
            (
                name,
                str(len(embedded)),
                str(len(found)),
                f"{fast * 1000:.1f} ms",
                f"{other * 1000:.0f} ms",
                f"{other / fast:.0f}×",
            )
        )
    rows.append(("median", "", "", "", "", f"{statistics.median(ratios):.0f}×"))
    note = (
        f"Over the bundled graphs and the ontology, {len(store)} quads. rdflib {rdflib.__version__}: `Graph.query`, or `Dataset.query` "
        "where the query names graphs; the least of 5 and of 3 runs, all rows read."
    )
    return Table(
        "Canned queries",
        note,
        ("query", "rows", "rows in rdflib", "embedded store", "rdflib", "ratio"),
        rows,
        [],
    )


def answer(store: Store, text: str) -> list[object]:
    return list(store.solutions(text))


def answer_slowly(graph: rdflib.Graph, text: str) -> list[object]:
    return list(graph.query(text))


def askable(domain: Domain, store: Store) -> Iterator[tuple[str, str]]:
    """Yield the SELECT queries that need no parameter, as SPARQL."""
    for name, query in sorted(catalogue(domain).items()):
        if query.form == "SELECT" and not any(
            parameter.required and parameter.default is None for parameter in query.parameters
        ):
            yield name, bind(query, resolve(query, {}, store, domain))


def loading() -> Table:
    """The same file into each store, by lodkit and by curl."""
    sys.path.append(str(ROOT))
    from tests.stores.servers import PASSWORD, has_virtuoso, oxigraph_server, virtuoso_server

    def seconds_of(kind: str, folder: Path, data: dict[str, Path]) -> float:
        """Load into a store of a kind that is new and empty."""
        folder = Path(tempfile.mkdtemp(dir=folder))
        name, tool = kind.split(", ")
        server = {
            "a folder": lambda _: iter([str(folder / "store")]),
            "Oxigraph server": oxigraph_server,
            "Virtuoso": virtuoso_server,
        }[name]
        running = server(folder / "server")
        place = next(running)
        environment = {**os.environ, "LODKIT_USER": "dba", "LODKIT_PASSWORD": PASSWORD}
        calls: dict[str, list[str | Path]] = {
            "lodkit": [LODKIT, "load", data["nq"], "--into", place],
            "curl": [
                *CURL,
                "-H",
                "Content-Type: application/n-quads",
                "--data-binary",
                f"@{data['nq']}",
                f"{place}/store",
            ],
        }
        if name == "Virtuoso":
            url = f"{place}/sparql-graph-crud-auth?graph=https://example.org/all"
            calls["curl"] = [
                *CURL,
                "--digest",
                "-u",
                f"dba:{PASSWORD}",
                "-H",
                "Content-Type: text/turtle",
                "--data-binary",
                f"@{data['ttl']}",
                url,
            ]
        if tool == "curl for each graph":
            calls[tool] = [
                "curl",
                "-sSf",
                "-K",
                each_graph(data["graphs"], folder, f"{place}/sparql-graph-crud-auth", PASSWORD),
            ]
        taken = seconds(
            lambda: subprocess.run(
                calls[tool], check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        list(running)  # ends the server
        shutil.rmtree(folder, ignore_errors=True)
        return taken

    servers = ["Oxigraph server", *(["Virtuoso"] if has_virtuoso() else [])]
    kinds = [*(f"{server}, {tool}" for server in servers for tool in ("curl", "lodkit")), "a folder, lodkit"]
    kinds += ["Virtuoso, curl for each graph"] if "Virtuoso" in servers else []
    with tempfile.TemporaryDirectory() as folder:
        data = many_triples(Path(folder))
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(5):
            for kind in kinds:
                times[kind].append(seconds_of(kind, Path(folder), data))
    beside = {
        kind: f"{servers[0]}, curl" if kind.startswith("a folder") else f"{kind.split(', ')[0]}, curl"
        for kind in kinds
    }
    pairs = [
        *beside.items(),
        *([("Virtuoso, lodkit", "Virtuoso, curl for each graph")] if "Virtuoso" in servers else []),
    ]
    rows, missed = [], []
    for kind, other in pairs:
        store, tool = kind.split(", ")
        ratio = statistics.median(own / theirs for own, theirs in zip(times[kind], times[other], strict=True))
        goal = f"{LOADING_WITHIN}" if tool == "lodkit" else ""
        rows.append(
            (
                store,
                tool,
                f"{min(times[kind]):.1f} s",
                f"{statistics.median(times[kind]):.1f} s",
                other,
                f"{ratio:.2f}",
                goal,
            )
        )
        if tool == "lodkit" and ratio > LOADING_WITHIN:
            missed.append(f"{kind}: {ratio:.2f} times as long as {other}")
    note = (
        f"{TRIPLES:,} triples or a few more, articles under several bases, in one N-Quads file, into a store that is new and empty; 5 "
        "interleaved rounds of whole processes. lodkit replaces article by article, compares counts and writes digests. curl posts the "
        "file in one request; Virtuoso takes no N-Quads there, so curl posts the triples to it as Turtle, all into one graph, "
        "or, in one process, each graph as a file of its own, as lodkit leaves them. The ratio is the median of the rounds' own."
    )
    return Table(
        "Loading",
        note,
        ("store", "tool", "least", "median", "measured against", "ratio", "goal"),
        rows,
        missed,
    )


def each_graph(files: Path, folder: Path, url: str, password: str) -> Path:
    """Write the configuration of a curl process that posts each file of a folder into a graph of its own."""
    common = f'digest\nuser = "dba:{password}"\nheader = "Content-Type: text/turtle"\noutput = {os.devnull}\n'
    parts = [
        f'{common}url = "{url}?graph=https://example.org/{file.stem}"\ndata-binary = "@{file}"\n'
        for file in sorted(files.iterdir())
    ]
    configuration = folder / "curl.txt"
    configuration.write_text("next\n".join(parts), encoding="utf-8")
    return configuration


def many_triples(folder: Path) -> dict[str, Path]:
    """Write articles, again and again under other bases, as N-Quads, and their triples as Turtle that begins
    as Virtuoso needs it.
    """
    files = {"nq": folder / "many.nq", "ttl": folder / "many.ttl", "graphs": folder / "graphs"}
    start = b"@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    files["graphs"].mkdir()
    domain, count, round_ = read_domain(), 0, 0
    with files["nq"].open("wb") as quads, files["ttl"].open("wb") as triples:
        triples.write(start)
        while count < TRIPLES:
            round_ += 1
            for path in sorted(ARTICLES.glob("*.txt")):
                found = list(build_article(path, domain, base=f"https://example.org/{round_}/").quads())
                quads.write(pyoxigraph.serialize(found, format=pyoxigraph.RdfFormat.N_QUADS) or b"")
                triples.write(
                    pyoxigraph.serialize(
                        (quad.triple for quad in found), format=pyoxigraph.RdfFormat.N_TRIPLES
                    )
                    or b""
                )
                for number, graph in enumerate(sorted({quad.graph_name for quad in found}, key=str)):
                    own = (quad.triple for quad in found if quad.graph_name == graph)
                    data = pyoxigraph.serialize(own, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
                    (files["graphs"] / f"{count}-{number}.ttl").write_bytes(start + data)
                count += len(found)
                if count >= TRIPLES:
                    break
    return files


def as_markdown(table: Table) -> str:
    lines = [
        f"## {table.title}",
        "",
        table.note,
        "",
        "| " + " | ".join(table.header) + " |",
        "|" + "---|" * len(table.header),
    ]
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    lines += ["", *(f"Missed: {text}." for text in table.missed)] if table.missed else []
    return "\n".join(lines)


def as_text(table: Table) -> str:
    cells = [table.header, *table.rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(
        [f"{table.title}: {table.note}", *lines, *(f"MISSED {text}" for text in table.missed), ""]
    )


def machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores."


SECTIONS: dict[str, Callable[[], Table]] = {
    "start-up": start_up,
    "extraction": extraction,
    "build": build,
    "validation": lambda: validation.warm(SAMPLE),
    "evidence": lambda: validation.growing(sorted(ARTICLES.glob("*.txt"))),
    "queries": queries,
    "questions": lambda: questions.growing(
        sorted(ARTICLES.glob("*.txt")), sorted(SAMPLE.parent.glob("*.txt"))
    ),
    "opening": lambda: stores.opening(sorted(ARTICLES.glob("*.txt"))),
    "filling": lambda: stores.filling(sorted(ARTICLES.glob("*.txt"))),
    "size": lambda: sizes.by_level(sorted(ARTICLES.glob("*.txt"))),
    "loading": loading,
    "wikitext": wikitext.wikitext,
}


def main(names: Sequence[str]) -> int:
    """Run the sections named, all by default; exit with 1 if a goal is missed. Only a full run writes the
    results.
    """
    if unknown := set(names) - SECTIONS.keys():
        print(
            f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}", file=sys.stderr
        )
        return 2
    tables = []
    for name in names or SECTIONS:
        tables.append(SECTIONS[name]())
        print(as_text(tables[-1]), flush=True)
    if not names:
        head = [
            "# Benchmarks",
            "",
            f"Written by `make bench`. {machine()} Ratios hold from machine to machine, absolute numbers do not.",
        ]
        RESULTS.write_text("\n\n".join(["\n".join(head), *map(as_markdown, tables)]) + "\n", encoding="utf-8")
    return 1 if any(table.missed for table in tables) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
