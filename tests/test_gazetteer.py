"""The gazetteer keeps the rules of ontology/gazetteer.md."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from lodkit.domain import Domain
from lodkit.domain.gazetteer import fold

HEADER = ["name", "class", "country", "alternatives", "adjectives", "mark"]


class Row(NamedTuple):
    name: str
    cls: str
    country: str
    alternatives: str
    adjectives: str
    mark: str

    def names(self) -> list[str]:
        return [self.name, *filter(None, self.alternatives.split("|"))]


@pytest.fixture(scope="module")
def lines(root: Path) -> list[str]:
    text = (root / "ontology" / "gazetteer.tsv").read_text(encoding="utf-8")
    return text.removesuffix("\n").split("\n")


@pytest.fixture(scope="module")
def rows(lines: list[str]) -> list[Row]:
    return [Row(*line.split("\t")) for line in lines if not line.startswith("#")][1:]


def names_of(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield from row.names()


def plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.casefold().translate(str.maketrans("ıøłđ", "iold")))
    return fold("".join(char for char in decomposed if not unicodedata.combining(char)))


def test_file_says_its_licence_and_columns(lines: list[str]) -> None:
    comments = [line for line in lines if line.startswith("#")]
    assert "GeoNames" in comments[0]
    assert "CC BY 4.0" in comments[0]
    assert lines[len(comments)].split("\t") == HEADER


def test_cells_are_clean(rows: list[Row]) -> None:
    for row in rows:
        for cell in row:
            assert cell == cell.strip() == unicodedata.normalize("NFC", cell), row
            assert all(part.strip() == part != "" for part in cell.split("|")) or not cell, row


def test_rows_are_sorted(rows: list[Row]) -> None:
    keys = [(plain(row.name), row.name) for row in rows]
    assert keys == sorted(keys)


def test_a_name_stands_once(rows: list[Row]) -> None:
    assert [name for name, count in Counter(map(plain, names_of(rows))).items() if count > 1] == []


def test_classes_and_marks_are_known(rows: list[Row]) -> None:
    assert {row.cls for row in rows} == {"mvt:Country", "mvt:Region", "mvt:City", "mvt:Place"}
    assert {row.mark for row in rows} == {"", "weak", "stop"}
    for row in rows:
        assert (row.cls == "mvt:Place") == (row.mark == "stop"), row
        assert row.mark != "stop" or not (row.alternatives or row.adjectives or row.country), row


def test_cities_are_few_and_lie_in_a_place_of_this_file(rows: list[Row]) -> None:
    cities = [row for row in rows if row.cls == "mvt:City"]
    lands = {row.name for row in rows if row.cls in {"mvt:Country", "mvt:Region"}}
    assert 3_000 < len(cities) <= 5_000
    assert {row.country for row in cities} <= lands
    parts = {row.name for row in rows if row.cls != "mvt:City" and row.country}
    assert parts == {"England", "Northern Ireland", "Scotland", "Wales"}


def test_every_country_but_a_few_has_an_adjective(rows: list[Row]) -> None:
    countries = [row for row in rows if row.cls == "mvt:Country"]
    assert len(countries) > 190
    assert sum(not row.adjectives for row in countries) < 25


@pytest.mark.parametrize(
    "name",
    ["Nice", "Split", "Reading", "Victoria", "Mobile", "Bath", "Orange", "March", "Most", "Union", "Jackson"],
)
def test_misleading_names_are_stopped(domain: Domain, name: str) -> None:
    entry = domain.gazetteer.find(name)
    assert entry is not None
    assert entry.mark == "stop"


@pytest.mark.parametrize(
    "name", ["London", "Paris", "Berlin", "Sydney", "Jordan", "Georgia", "Chad", "Florence", "Washington"]
)
def test_names_of_people_and_places_are_weak(domain: Domain, name: str) -> None:
    entry = domain.gazetteer.find(name)
    assert entry is not None
    assert entry.mark == "weak"


@pytest.mark.parametrize(
    ("name", "of", "cls"),
    [
        ("Kiev", "Kyiv", "City"),
        ("Zurich", "Zürich", "City"),
        ("USA", "United States", "Country"),
        ("U.S.", "United States", "Country"),
        ("UK", "United Kingdom", "Country"),
        ("USSR", "Soviet Union", "Country"),
        ("Burma", "Myanmar", "Country"),
        ("Latin America", "Latin America", "Region"),
        ("Quebec City", "Quebec City", "City"),
    ],
)
def test_other_names_lead_to_the_place(domain: Domain, name: str, of: str, cls: str) -> None:
    entry = domain.gazetteer.find(name)
    assert entry is not None
    assert (entry.name, entry.cls.rpartition("#")[2], entry.mark) == (of, cls, "")


def test_adjectives_are_no_places(domain: Domain, rows: list[Row]) -> None:
    adjectives = {word for row in rows for word in filter(None, row.adjectives.split("|"))}
    assert [word for word in adjectives if domain.gazetteer.find(word) is not None] == []
    assert {"Peruvian", "Swedish", "Israelis", "Danes", "Soviet"} <= adjectives
