"""Another domain, lighthouses, with its own vocabulary, shapes, lexicon, gazetteer and queries: the code
needs no change for it.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from lodkit import rdf
from lodkit.check import check_examples
from lodkit.domain import Domain, read_domain
from lodkit.extract import Extraction, extract
from lodkit.lint import lint_shapes
from lodkit.query import catalogue, run
from lodkit.source import parse_article, read_article
from lodkit.statement import BASE, Basis, Modality
from lodkit.store import Store
from lodkit.validate import Report, Severity, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "second_domain"
ARTICLES = sorted((FOLDER / "articles").glob("*.txt"))

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def lights() -> Domain:
    return read_domain(FOLDER)


def extraction_of(path: Path, domain: Domain) -> Extraction:
    return extract(read_article(path, abbreviations=domain.english.words("abbreviation")), domain)


@pytest.fixture(scope="module")
def extractions(lights: Domain) -> list[Extraction]:
    return [extraction_of(path, lights) for path in ARTICLES]


def cell(term: NamedNode | Literal, domain: Domain) -> str:
    if isinstance(term, NamedNode):
        return domain.compact(term.value)
    text = str(Literal(term.value))
    return f"{text}@{term.language}" if term.language else f"{text}^^{domain.compact(term.datatype.value)}"


def rows(extraction: Extraction, domain: Domain) -> Iterator[Row]:
    name = extraction.document.value.rpartition("/")[2]
    for s in extraction.statements:
        yield name, *(cell(term, domain) for term in s.triple), s.modality


def golden() -> list[list[str]]:
    with (FOLDER / "golden.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def test_domain_holds_what_it_says(lights: Domain) -> None:
    assert check_examples(lights) == []
    assert lint_shapes(lights) == []


def test_english_is_shared(lights: Domain, domain: Domain) -> None:
    assert not list((FOLDER / "ontology").glob("english*"))
    assert lights.english == domain.english


def test_gazetteer_is_its_own(lights: Domain, domain: Domain) -> None:
    assert lights.gazetteer.find("Norland") is not None
    assert lights.gazetteer.find("Sweden") is None
    assert domain.gazetteer.find("Norland") is None


def test_statements_are_those_expected(lights: Domain, extractions: list[Extraction]) -> None:
    found = {row for extraction in extractions for row in rows(extraction, lights)}
    listed = {tuple(row[:-1]) for row in golden()}
    assert sorted(found - listed) == []
    assert sorted(listed - found) == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_quotes_are_in_the_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [row for row in golden() if row[0] == path.stem and row[-1] not in text] == []


def test_every_modality_and_basis_occurs(extractions: list[Extraction]) -> None:
    statements = [s for extraction in extractions for s in extraction.statements]
    assert {s.modality for s in statements} == set(Modality) - {Modality.REJECTED}
    assert {s.basis for s in statements} == set(Basis) - {
        Basis.TEMPLATE,
        Basis.LINKED,
    }  # its articles have no templates and links


def test_nothing_of_the_bundled_domain_comes_in(lights: Domain, extractions: list[Extraction]) -> None:
    for extraction in extractions:
        for s in extraction.statements:
            for term in (s.predicate, s.rule, s.object):
                assert "movement#" not in term.value
                assert "schema.org" not in term.value
            assert s.rule.value.startswith(
                (lights.prefixes["rule"], lights.prefixes["shape"], lights.prefixes["lk"])
            )


def test_the_bundled_domain_reads_the_articles_otherwise(domain: Domain) -> None:
    predicates = {s.predicate.value for path in ARTICLES for s in extraction_of(path, domain).statements}
    assert not [p for p in predicates if "lighthouse" in p]


def test_unknown_row_is_kept_and_listed(extractions: list[Extraction], lights: Domain) -> None:
    (light, _) = extractions
    assert [skip.span.of(light.article.text) for skip in light.skipped if skip.kind == "row"] == [
        "- Fog signal: two blasts a minute"
    ]
    keys = {
        q.object.value
        for q in quads(light, lights)
        if isinstance(q.object, Literal) and q.predicate.value.endswith("#key")
    }
    assert "Fog signal" in keys


# ---- validation
# ---------------------------------------------------------------------------------------------------------------


def quads(extraction: Extraction, domain: Domain) -> list[Quad]:
    return list(rdf.quads(extraction, domain_version=domain.version))


def report_on(extraction: Extraction, domain: Domain) -> Report:
    return validate(
        quads(extraction, domain), domain, articles={extraction.document.value: extraction.article}
    )


def test_articles_conform(extractions: list[Extraction], lights: Domain) -> None:
    for extraction in extractions:
        report = report_on(extraction, lights)
        assert report.results == ()
        assert report.conforms


VIOLATIONS = {
    "built twice": (
        "It was built in 1871",
        "It was built in 1877",
        "A light is built in one year.",
        (5, "1871"),
    ),
}


@pytest.mark.parametrize("case", VIOLATIONS)
def test_violation_is_found_in_its_line(case: str, lights: Domain) -> None:
    old, new, message, (line, words) = VIOLATIONS[case]
    text = ARTICLES[0].read_text("utf-8")
    assert text.count(old) == 1
    article = parse_article(text.replace(old, new), abbreviations=lights.english.words("abbreviation"))
    report = report_on(extract(article, lights), lights)
    assert not report.conforms
    (result,) = report.results
    assert (result.severity, result.message) == (Severity.VIOLATION, message)
    assert (line, True) in {(place.line, words in place.quote) for place in result.places}


def test_value_that_its_shape_refuses_is_no_fact(lights: Domain) -> None:
    text = ARTICLES[0].read_text("utf-8").replace("Height: 31", "Height: 310")
    extraction = extract(parse_article(text, abbreviations=lights.english.words("abbreviation")), lights)
    assert report_on(extraction, lights).conforms
    (rejected,) = [s for s in extraction.statements if s.modality is Modality.REJECTED]
    assert (rejected.predicate.value, rejected.object) == (lights.expand("lh:metres"), Literal("310"))
    reasons = [skipped.reason for skipped in extraction.skipped if skipped.kind == "value"]
    assert reasons == ["'310': No light is lower than 2 m or higher than 140 m."]


# ---- queries
# --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(extractions: list[Extraction], lights: Domain) -> Store:
    found = Store()
    for extraction in extractions:
        found.add(quads(extraction, lights))
    return found


def answer(name: str, parameters: dict[str, str], store: Store, domain: Domain) -> list[list[str]]:
    solutions = run(catalogue(domain)[name], store, parameters, domain=domain)
    return [
        [cell(c, domain) if isinstance(c, NamedNode | Literal) else "" for c in row] for row in solutions.rows
    ]


def test_catalogue_is_the_domains_own(lights: Domain) -> None:
    assert list(catalogue(lights)) == ["keepers", "tall"]


def test_query_answers(store: Store, lights: Domain) -> None:
    light = "id:Gull_Head_Light"
    names = ["Ada_Lund", "Eva_Strand", "Jo_Berg"]
    assert answer("keepers", {}, store, lights) == [
        [f"{light}/{name}", light, '"1871"^^xsd:gYear'] for name in names
    ]


@pytest.mark.parametrize(("metres", "count"), [(None, 1), ("12", 2), ("13", 1), ("32", 0)])
def test_query_takes_its_parameter(metres: str | None, count: int, store: Store, lights: Domain) -> None:
    assert len(answer("tall", {"metres": metres} if metres else {}, store, lights)) == count


def test_query_cites(store: Store, lights: Domain) -> None:
    solutions = run(catalogue(lights)["keepers"], store, domain=lights, evidence=True)
    assert solutions.cites is not None
    assert "Eva Strand tended the lighthouse" in {cite.quote for cites in solutions.cites for cite in cites}


# ---- the command line
# -----------------------------------------------------------------------------------------------------------


def lodkit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lodkit", "--domain", str(FOLDER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.slow
def test_commands_take_the_folder(tmp_path: Path) -> None:
    data = tmp_path / "lights.trig"
    assert lodkit("check").returncode == 0
    assert lodkit("build", *ARTICLES, "-o", data, "--strict").returncode == 0
    assert "No light is" not in lodkit("validate", data).stdout
    answered = lodkit("query", "tall", "-p", "metres=20", "--on", data)
    assert (answered.returncode, answered.stdout.splitlines()[1:]) == (0, [f"{BASE}id/Gull_Head_Light,31"])


@pytest.mark.slow
def test_violation_is_an_exit_code(tmp_path: Path) -> None:
    old, new, message, (line, words) = VIOLATIONS["built twice"]
    article = tmp_path / "Gull_Head_Light.txt"
    article.write_text(ARTICLES[0].read_text("utf-8").replace(old, new), "utf-8")
    found = lodkit("validate", article)
    assert found.returncode == 1
    assert message in found.stdout
    assert f"Gull_Head_Light.txt:{line}:" in found.stdout
    assert words in found.stdout
