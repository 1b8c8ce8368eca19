"""References as nodes: what they say, what cites them, and that they hold in files, in lean data and in stores."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from lodkit.build import Built, build_article, build_text, unread
from lodkit.domain import Domain, read_domain
from lodkit.errors import InputError
from lodkit.load.claims import check_places
from lodkit.load.hanging import hangs_together
from lodkit.load.regroup import regroup
from lodkit.load.units import Unit
from lodkit.validate import validate

ROOT = Path(__file__).parent.parent
DOMAIN = read_domain(ROOT)
CASES = tomllib.loads((ROOT / "tests" / "wikitext" / "references.toml").read_text("utf-8"))["case"]
PAGES = sorted((ROOT.parent / "shared" / "wikitext").glob("*.wiki"))
LK = "https://w3id.org/lodkit/core#"
CITES = NamedNode(LK + "cites")
FOUNDER = "https://schema.org/founder"


LEAD = "Blue Lantern is a political party.\n\n"


def built(text: str) -> Built:
    return build_text(LEAD + text, DOMAIN, form="wikitext", title="Blue Lantern")


def nodes(built: Built, **options: Any) -> dict[str, dict[str, list[str]]]:
    """What is said of the references, in the order of the page, with compact names of properties."""
    found: dict[str, dict[str, list[str]]] = {}
    for quad in built.quads(**options):
        name = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        if "#cite-" in name:
            values = found.setdefault(name, {}).setdefault(DOMAIN.compact(quad.predicate.value), [])
            values.append(quad.object.value)  # type: ignore[union-attr]
    return dict(
        sorted(found.items(), key=lambda one: (int(one[1]["lk:line"][0]), int(one[1]["lk:column"][0])))
    )


def founders(built: Built) -> list[tuple[str, int]]:
    """The founders that the article says, with the number of references for each; two rules may say it."""
    said = {
        (one.span, one.object.value.rpartition("/")[2].replace("_", " "), len(one.cites))
        for one in built.extraction.statements
        if one.predicate.value == FOUNDER
    }
    return [(name, count) for _, name, count in sorted(said)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_references_say(case: dict[str, Any]) -> None:
    page = built(case["text"])
    found = list(nodes(page).values())
    assert len(found) == len(case["references"])
    for one, expected in zip(found, case["references"], strict=True):
        assert {key: sorted(one.get(key, [])) for key in expected} == expected
    cited = [name for name, count in founders(page) if count]
    nobody = not case["references"] or "at" in case
    assert cited == case.get("cited", [] if nobody else ["Ada Lund"])
    assert validate(list(page.quads()), DOMAIN).conforms


def test_it_stands_where_the_file_has_it() -> None:
    text = 'It is old.\n\nBlue Lantern was founded by Ada Lund.<ref name="x"/>\n\n<references><ref name="x">Lamps</ref></references>'
    (one,) = nodes(built(text)).values()
    line, column = int(one["lk:line"][0]), int(one["lk:column"][0])
    assert (LEAD + text).split("\n")[line - 1][column - 1 :].startswith('<ref name="x">Lamps')


def test_a_name_without_a_reference_is_told() -> None:
    page = built("Blue Lantern was founded by Ada Lund.<ref name=x />")
    assert [
        (one.kind, one.words, one.line, one.column) for one in unread(page) if one.kind == "reference"
    ] == [("reference", "x", 3, 38)]


def test_an_edit_elsewhere_keeps_their_names() -> None:
    text = "Blue Lantern was founded by Ada Lund.<ref>Lamps</ref>"
    assert list(nodes(built(text))) == list(nodes(built("It is old. " + text)))


def test_lean_data_keep_them() -> None:
    page = built(
        "Blue Lantern was founded by Ada Lund.<ref>{{cite web|title=Home|url=https://lantern.example/}}</ref>"
    )
    assert nodes(page, evidence="lean") == nodes(page)
    cites = [
        {quad for quad in page.quads(evidence=level) if quad.predicate == CITES} for level in ("lean", "full")
    ]
    assert cites[0] == cites[1] != set()


@pytest.mark.parametrize("level", ["lean", "full"])
def test_they_hold_in_both_layouts(domain: Domain, sample: Path, level: str) -> None:
    page = build_article(sample.with_suffix(".wiki"), domain)
    quads = list(page.quads(evidence=level))
    check_places(quads)
    assert hangs_together(Unit(page.document, {}, "", quads)) is None
    articles, homeless = regroup(Quad(one.subject, one.predicate, one.object) for one in quads)
    assert homeless == []
    assert set(articles[page.document]) == set(quads)


@pytest.mark.parametrize(
    ("subject", "cited"),
    [("A#statement-0123456789abcdef", "B#cite-0123456789abcdef"), ("B#cite-0123456789abcdef", None)],
)
def test_nobody_cites_for_another_article(subject: str, cited: str | None) -> None:
    base = "https://w3id.org/lodkit/article/"
    term = NamedNode(base + cited) if cited else NamedNode(LK + "Citation")
    quad = Quad(NamedNode(base + subject), CITES, term, NamedNode(base + "A#evidence"))
    with pytest.raises(InputError, match="not of <"):
        check_places([quad])


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_conform(path: Path) -> None:
    page = build_article(path, DOMAIN)
    quads = list(page.quads())
    report = validate(quads, DOMAIN)
    assert report.conforms or not report.results  # where nothing has a class, there are no facts to check
    check_places(quads)
    source = page.article.map.source
    for one in page.extraction.references:
        assert source[one.begin : one.begin + 2] in ("<r", "<R", "{{")
        assert one.words


@given(
    st.lists(
        st.sampled_from(
            [
                "<ref>",
                "</ref>",
                "<ref name=a>",
                "<ref name=a/>",
                "{{cite web|",
                "|title=",
                "}}",
                "x.",
                " ",
                "[http://a.example ",
                "]",
                "{{reflist|refs=",
                "{{efn|",
            ]
        ),
        max_size=14,
    )
)
def test_any_references_are_read(parts: list[str]) -> None:
    page = built("Blue Lantern was founded by Ada Lund." + "".join(parts))
    names = {one.name for one in page.extraction.references}
    assert all(set(one.cites) <= names for one in page.extraction.statements)
