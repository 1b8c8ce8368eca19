"""What a page says beside its text, each with its place in the file; and links to other data sets."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from lodkit.build import Built, build_article, build_text, linked
from lodkit.cli import main
from lodkit.domain import Domain, read_domain
from lodkit.statement import Basis
from lodkit.validate import validate

ROOT = Path(__file__).parent.parent
DOMAIN = read_domain(ROOT)
CASES = tomllib.loads((ROOT / "tests" / "wikitext" / "asides.toml").read_text("utf-8"))["case"]
PAGES = sorted((ROOT.parent / "shared" / "wikitext").glob("*.wiki"))
LEAD = "Blue Lantern is a political party.\n\n"
SUBJECT = NamedNode("https://w3id.org/lodkit/id/Blue_Lantern")
PATHS = {"dcterms:subject", "geo:lat", "geo:long", "dcterms:identifier", "owl:sameAs"}
EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"


def built(text: str) -> Built:
    return build_text(LEAD + text, DOMAIN, form="wikitext", title="Blue Lantern")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_asides(case: dict[str, Any]) -> None:
    page = built(case["text"])
    found = [
        [DOMAIN.compact(quad.predicate.value), getattr(quad.object, "value", "")]
        for quad in page.quads(evidence=False)
        if quad.subject == SUBJECT
    ]
    base = "https://w3id.org/lodkit/id/"
    assert (
        sorted([path, value.replace(base, "id:")] for path, value in found if path in PATHS) == case["facts"]
    )
    assert validate(list(page.quads()), DOMAIN).conforms


def misplaced(page: Built) -> list[str]:
    """The asides whose words the stretch of the file that the map says does not hold; of coordinates it is the
    template.
    """
    text, source = page.article.text, page.article.map.source
    return [
        one.span.of(text)
        for one in page.article.asides
        if one.kind != "coordinates"
        and one.span.of(text) not in page.article.map.origin(one.span).of(source).replace("_", " ")
    ]


def test_their_words_stand_where_the_file_has_them() -> None:
    text = "\n\n".join(case["text"] for case in CASES)
    page = built(text)
    assert len(page.article.asides) > 8
    assert misplaced(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_asides_of_pages(path: Path) -> None:
    assert misplaced(build_article(path, DOMAIN)) == []


@pytest.mark.parametrize(
    ("row", "page"),
    [
        ("logo=Blue lantern.svg", "Blue_lantern.svg"),
        ("logo=[[File:blue_lantern (1).png|120px]]", "Blue_lantern_(1).png"),
        ("image=Harbour march.jpg", "Harbour_march.jpg"),
    ],
)
def test_a_picture_has_the_page_of_its_file(row: str, page: str) -> None:
    found = built(f"{{{{Infobox political party|{row}}}}}")
    pages = {
        quad.object.value
        for quad in found.quads(evidence=False)
        if quad.predicate.value.endswith("isPrimaryTopicOf") and isinstance(quad.object, NamedNode)
    }
    assert pages == {f"https://commons.wikimedia.org/wiki/File:{page}"}
    assert validate(list(found.quads()), DOMAIN).conforms


def test_a_redirect_is_told() -> None:
    page = build_text("#REDIRECT [[Blue Lantern#History]]", DOMAIN, form="wikitext", title="Lantern")
    told = {
        (quad.subject, quad.object) for quad in page.quads() if quad.predicate.value.endswith("isReplacedBy")
    }
    base = "https://w3id.org/lodkit/article/"
    assert told == {(NamedNode(f"{base}Lantern"), NamedNode(f"{base}Blue_Lantern"))}


@pytest.mark.parametrize(
    ("language", "begin"), [("en", "http://dbpedia.org/resource/"), ("de", "http://de.dbpedia.org/resource/")]
)
def test_matches_are_of_the_same_pages(tmp_path: Path, language: str, begin: str) -> None:
    path = tmp_path / "Blue_Lantern.wiki"
    path.write_text(LEAD + "Blue Lantern was founded by [[ada Lund (poet)|Ada Lund]].", encoding="utf-8")
    plain = build_article(path, DOMAIN, language=language)
    page = linked(plain, ["dbpedia"])
    found = [one for one in page.extraction.statements if one.predicate.value == EXACT_MATCH]
    assert {one.object.value for one in found if isinstance(one.object, NamedNode)} == {
        f"{begin}Ada_Lund_(poet)",
        f"{begin}Blue_Lantern",
    }
    assert {one.basis for one in found} == {Basis.LINKED}
    assert [one for one in page.extraction.statements if one not in found] == list(
        plain.extraction.statements
    )
    assert validate(list(page.quads()), DOMAIN).conforms


def test_plain_text_has_no_pages_to_match(domain: Domain, sample: Path) -> None:
    plain = build_article(sample, domain)
    assert linked(plain, ["dbpedia"]).extraction.statements == plain.extraction.statements


def test_the_command_says_matches(tmp_path: Path, sample: Path) -> None:
    out = tmp_path / "page.nq"
    assert main(["build", str(sample.with_suffix(".wiki")), "-o", str(out), "--links", "dbpedia"]) == 0
    text = out.read_text("utf-8")
    assert "<http://dbpedia.org/resource/Peru_People's_Movement>" in text
    assert "core#linked>" in text
    assert main(["build", str(sample), "-o", str(out), "--links", "elsewhere"]) == 2
