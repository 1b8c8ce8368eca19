"""The same queries of people's own on all that can be asked: the same rows, or a difference that is written
down.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import rdflib
from tests.stores.conftest import SMALL
from tests.stores.places import Place

from lodkit import rdf
from lodkit.cli.asked import Asking, asked
from lodkit.cli.connection import Connection
from lodkit.load import Unit
from lodkit.query import light_domain, parse_query, run, with_prefixes
from lodkit.store import Store

QUERIES: dict[str, dict[str, Any]] = tomllib.loads((SMALL.parent / "own.toml").read_text(encoding="utf-8"))
DOMAIN = light_domain(None)
LAYOUTS = ("graphs", "merged")
Answer = list[tuple[str | None, ...]]


def text_of(name: str) -> str:
    return with_prefixes(parse_query(QUERIES[name]["text"]), DOMAIN.prefixes).text


def in_order(name: str, rows: Answer) -> Answer:
    return rows if QUERIES[name].get("ordered") else sorted(rows, key=str)


@pytest.fixture(scope="module")
def by_rdflib() -> dict[str, Answer]:
    """What rdflib answers on the union of the graphs."""
    dataset = rdf.to_rdflib(list(rdf.read(SMALL)))
    dataset.default_union = True
    found: dict[str, Answer] = {}
    for name in QUERIES:
        result = dataset.query(text_of(name))
        if result.type == "ASK":
            found[name] = [(str(result.askAnswer).lower(),)]
        else:
            rows: Any = result
            found[name] = in_order(name, [tuple(map(plain, row)) for row in rows])
    return found


def plain(term: Any) -> str | None:
    """A term without what engines write in several ways: numbers are their values."""
    if term is None:
        return None
    value = term.value if hasattr(term, "value") and not isinstance(term, rdflib.Literal) else term
    language = getattr(term, "language", None)
    return f"{value}@{language}" if language else str(value)


def answers(name: str, store: Any) -> Answer:
    query = with_prefixes(parse_query(QUERIES[name]["text"]), DOMAIN.prefixes)
    return in_order(name, [tuple(map(plain, row)) for row in run(query, store, domain=DOMAIN).rows])


def test_there_are_thirty() -> None:
    assert len(QUERIES) >= 30
    words = " ".join(query["text"] for query in QUERIES.values())
    assert all(word in words for word in ("COUNT", "UNION", "CONSTRUCT", "ASK", "GROUP BY", "GRAPH"))


@pytest.fixture(params=["file", "files", "folder"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The articles as one file, as one of each format, and as a folder of them."""
    if request.param == "file":
        return [str(SMALL)]
    units: dict[str, list[Any]] = {}
    for quad in rdf.read(SMALL):
        units.setdefault(str(quad.graph_name).strip("<>").partition("#")[0], []).append(quad)
    for number, quads in enumerate(units.values()):
        form = ("nq", "trig", "jsonld")[number % 3]
        with (tmp_path / f"{number}.{form}").open("wb") as file:
            rdf.write(quads, file, form)
    if request.param == "folder":
        return [str(tmp_path)]
    return sorted(map(str, tmp_path.iterdir()))


@pytest.mark.slow
def test_files_answer_as_rdflib(files: list[str], by_rdflib: dict[str, Answer]) -> None:
    query = parse_query("ASK {}")
    with asked(files, DOMAIN, Connection(), Asking(query, is_ours=False, with_ontology=False)) as store:
        for name in QUERIES:
            assert answers(name, store) == by_rdflib[name], name


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_stores_answer_as_rdflib(
    place: Place, layout: str, small: list[Unit], by_rdflib: dict[str, Answer]
) -> None:
    place.load(small, layout)
    if isinstance(place.target, Store):
        place.target.flush()
        place.target.close()
    query = parse_query("ASK {}")
    asking = Asking(query, is_ours=False, with_ontology=False)
    differing = []
    with asked([place.where], DOMAIN, Connection(), asking) as store:
        for name, case in QUERIES.items():
            if layout not in case.get("layouts", LAYOUTS):
                continue
            if answers(name, store) != by_rdflib[name]:
                differing.append(name)
    known = [name for name, case in QUERIES.items() if place.kind in case.get("differs", {})]
    assert differing == (known if layout == "graphs" else []), [(name, by_rdflib[name]) for name in differing]
