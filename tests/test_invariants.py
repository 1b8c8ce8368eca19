"""What holds of every article's statements and graphs, whatever the text says."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from lodkit import rdf
from lodkit.domain import Domain, parse_example, read_domain
from lodkit.errors import InputError
from lodkit.extract import Extraction, extract
from lodkit.source import Article, parse_article, read_article
from lodkit.statement import BASE, Basis, Modality, Span, name_statements
from lodkit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
BUNDLED = sorted((ROOT / "data" / "articles").glob("*.txt"))
ALL = sorted((ROOT.parent / "shared" / "articles").glob("*.txt"))
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


@cache
def the_domain() -> Domain:
    return read_domain(ROOT)


@cache
def of_file(path: Path) -> Extraction:
    domain = the_domain()
    return extract(read_article(path, abbreviations=domain.english.words("abbreviation")), domain)


def of_text(text: str) -> Extraction:
    domain = the_domain()
    return extract(parse_article(text, abbreviations=domain.english.words("abbreviation")), domain)


def quads_of(extraction: Extraction) -> list[Quad]:
    return list(rdf.quads(extraction, domain_version="0"))


def facts_of(quads: list[Quad]) -> list[Quad]:
    return [
        q for q in quads if isinstance(q.graph_name, NamedNode) and q.graph_name.value.endswith(rdf.FACTS)
    ]


# ---- the invariants
# -------------------------------------------------------------------------------------------------------------


def units(article: Article) -> Iterator[Span]:
    """The stretches that no place crosses: the title's and the infobox's line, a row, a heading, a sentence,
    an item that is one name.
    """
    yield Span(
        0,
        article.text.find("\n", article.title.end)
        if "\n" in article.text[article.title.end :]
        else len(article.text),
    )
    yield from filter(None, [article.infobox_name])
    yield from (row.span for row in article.cells)
    yield from (section.title for section in article.sections)
    yield from (
        block.content
        for block in article.blocks
        if block.kind == "item" and len(block.content.of(article.text)) < 80
    )
    yield from (sentence for block in article.blocks for sentence in block.sentences)


def check_places_stay_inside(extraction: Extraction) -> None:
    known = list(units(extraction.article))
    for s in extraction.statements:
        for span in filter(None, (s.span, s.subject_span, s.object_span, s.antecedent_span)):
            assert any(unit.start <= span.start and span.end <= unit.end for unit in known), span.of(
                extraction.article.text
            )


def check_places_are_not_empty(extraction: Extraction) -> None:
    for s in extraction.statements:
        assert s.span.of(extraction.article.text).strip()


def check_quotes(extraction: Extraction) -> None:
    text, quads = extraction.article.text, quads_of(extraction)
    places: dict[str, dict[str, str]] = {}
    for q in quads:
        if isinstance(q.subject, NamedNode) and "#char=" in q.subject.value and isinstance(q.object, Literal):
            places.setdefault(q.subject.value, {})[q.predicate.value] = q.object.value
    quoted = [found for found in places.values() if NIF + "anchorOf" in found]
    assert quoted
    for found in quoted:
        assert text[int(found[NIF + "beginIndex"]) : int(found[NIF + "endIndex"])] == found[NIF + "anchorOf"]


def check_facts_are_the_asserted_statements(extraction: Extraction) -> None:
    facts = {(q.subject, q.predicate, q.object) for q in facts_of(quads_of(extraction))}
    assert facts == {s.triple for s in extraction.statements if s.modality is Modality.ASSERTED}


def check_no_blank_node(extraction: Extraction) -> None:
    for q in quads_of(extraction):
        assert not any(isinstance(term, BlankNode) for term in (q.subject, q.object, q.graph_name))


def check_every_entity_has_one_label(extraction: Extraction) -> None:
    facts = facts_of(quads_of(extraction))
    entities = {
        t.value
        for q in facts
        for t in (q.subject, q.object)
        if isinstance(t, NamedNode) and t.value.startswith(f"{BASE}id/")
    }
    labels = Counter(
        q.subject.value for q in facts if q.predicate.value == LABEL and isinstance(q.subject, NamedNode)
    )
    assert labels == Counter(dict.fromkeys(entities, 1))
    assert extraction.subject.value in entities


def check_only_types_are_not_stated(extraction: Extraction) -> None:
    for s in extraction.statements:
        assert s.basis is Basis.STATED or s.predicate.value == TYPE, s


def check_statement_iris_are_unique(extraction: Extraction) -> None:
    iris = [
        iri
        for iri, _ in name_statements(
            extraction.document.value, extraction.article.text, extraction.statements
        )
    ]
    assert len(iris) == len(set(iris))


def check_only_attributed_statements_name_a_speaker(extraction: Extraction) -> None:
    for s in extraction.statements:
        assert s.attributed_to is None or s.modality is Modality.ATTRIBUTED


def check_skipped_are_in_the_text(extraction: Extraction) -> None:
    length = len(extraction.article.text)
    for skip in extraction.skipped:
        assert skip.span.end <= length
        assert skip.kind in ("row", "value", "sentence", "match")
        assert skip.reason


def check_predicates_are_of_the_shapes(extraction: Extraction) -> None:
    domain = the_domain()
    paths = {shape.path for shape in domain.property_shapes.values()} | {TYPE, LABEL}
    assert {s.predicate.value for s in extraction.statements} <= paths


def check_reading_twice_is_the_same(extraction: Extraction) -> None:
    again = extract(extraction.article, the_domain())
    assert again.statements == extraction.statements
    assert again.skipped == extraction.skipped


CHECKS: dict[str, Callable[[Extraction], None]] = {
    name.removeprefix("check_"): value for name, value in list(globals().items()) if name.startswith("check_")
}


def check_all(extraction: Extraction) -> None:
    for check in CHECKS.values():
        check(extraction)


# ---- articles
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_bundled_article(path: Path, check: str) -> None:
    CHECKS[check](of_file(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_article(path: Path) -> None:
    check_all(of_file(path))


def check_read_alike(extraction: Extraction, form: str, name: str) -> None:
    import rdflib

    quads = quads_of(extraction)
    out = io.BytesIO()
    rdf.write(quads, out, form, domain=the_domain())
    ours = set(rdf.read(out.getvalue(), form))
    theirs = rdflib.Dataset()
    theirs.parse(data=out.getvalue().decode(), format=name)
    assert ours == (set(quads) if form == "trig" else {Quad(q.subject, q.predicate, q.object) for q in quads})
    assert {quad[:3] for quad in theirs.quads()} == {quad[:3] for quad in rdf.to_rdflib(ours).quads()}
    assert len(set(theirs.quads())) == len(ours)


FORMS = [("trig", "trig"), ("ttl", "turtle")]


@pytest.mark.parametrize(("form", "name"), FORMS)
@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
@pytest.mark.slow
def test_bundled_article_is_read_alike_by_both_libraries(path: Path, form: str, name: str) -> None:
    check_read_alike(of_file(path), form, name)


@pytest.mark.slow
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_article_is_read_alike_by_both_libraries(path: Path) -> None:
    check_read_alike(of_file(path), "trig", "trig")


@pytest.mark.slow
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_article_conforms_but_for_what_it_says_itself(path: Path) -> None:
    """Evidence keeps its shapes everywhere; facts may break one only where the article does, and then the
    report says where.
    """
    extraction = of_file(path)
    report = validate(
        quads_of(extraction), the_domain(), articles={extraction.document.value: extraction.article}
    )
    assert report.located
    assert [
        result.message for result in report.results if result.severity == "Violation" and not result.places
    ] == []


# ---- any text
# -----------------------------------------------------------------------------------------------------------------------

TITLES = st.sampled_from(
    [
        "Blue Lantern",
        "Harbour League (Norland)",
        "Ada Lund",
        "The Signal",
        "People's Party of Sudria",
        '"/..%<>',
        "Å",
    ]
)

# Words that rules wait for, names, and what breaks sentences, so that rules meet in orders that no writer
# chose.
WORDS = """
It He She They The the a an this organization party league magazine album group committee members supporters prisoners of by in on to from
against for with and or but , ; : . " “ ” ( ) [ ] ' 's – — - / was is are were been be founded formed established created led joined
published merged split renamed banned arrested convicted executed recruited expanded called named originally later possibly not never
reportedly according said that claimed who which where after before until since Ada Lund Jo Berg Blue Lantern Harbour League Stone Island
Norland Sweden Malmö Paris Germany Red Signal BL 1931 1990s 4 May 1931, c. 1996 1948–56 brother-in-law president chairman son tour tours
protest protests capture arrest war purpose main materials include leaflets another years 12,000 30 February 👩‍🚒 İ ß ǆ \u202e naïve
""".split()


@cache
def examples() -> list[list[str]]:
    """The sentences of the lexicon's examples and counter-examples, as words."""
    phrases = the_domain().phrases
    return [
        parse_example(text)[0].split()
        for phrase in phrases
        for text in (*phrase.examples, *phrase.counter_examples)
    ]


@st.composite
def spliced(draw: st.DrawFn) -> str:
    """The beginning of one example, some words, and the end of another."""
    one, other = (draw(st.sampled_from(examples())) for _ in range(2))
    middle = draw(st.lists(st.sampled_from(WORDS), max_size=3))
    return " ".join(
        [*one[: draw(st.integers(0, len(one)))], *middle, *other[draw(st.integers(0, len(other))) :]]
    )


SENTENCES = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | spliced()
KEYS = [
    "Founded",
    "Founder",
    "Native name",
    "Native name lang",
    "Status",
    "Country",
    "Headquarters",
    "Members",
    "Type",
    "Logo",
    "",
    "Ideology",
    "X",
]
ROWS = st.lists(st.tuples(st.sampled_from(KEYS), SENTENCES | st.text(max_size=20)), max_size=6)


def article_text(title: str, rows: list[tuple[str, str]], blocks: list[str]) -> str:
    infobox = (
        f"{title}\n" + "".join(f"- {key}: {' '.join(value.split())}\n" for key, value in rows) if rows else ""
    )
    return f"= {title} =\n\n{infobox}\n" + "\n".join(blocks) + "\n"


def readable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


@given(
    TITLES,
    ROWS,
    st.lists(SENTENCES | st.sampled_from(["== See also ==", "- Ada Lund", "", "== Ada Lund =="]), max_size=6),
)
@pytest.mark.slow
def test_any_sentences_keep_the_invariants(
    title: str, rows: list[tuple[str, str]], blocks: list[str]
) -> None:
    text = article_text(title, rows, blocks)
    if readable(text):
        check_all(of_text(text))


@given(st.text(max_size=300))
@example("- a: b\n== c ==\n* d\n\n")
@example("x\r\ry\r\n- z")
@example("it was founded in " * 50)
@example("(" * 200 + ")" * 200)
@example('" “ ” « »' * 40)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        extraction = of_text(f"= Blue Lantern =\n\n{text}")
    except InputError:
        assert not readable(text)
    else:
        check_all(extraction)


@pytest.mark.slow
@given(st.text(min_size=1, max_size=60))
def test_any_title_is_read_or_refused(title: str) -> None:
    try:
        extraction = of_text(f"= {title} =\n\nIt was founded in 1931 by Ada Lund.\n")
    except InputError:
        return
    check_all(extraction)
