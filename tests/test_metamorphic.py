"""How the output moves when the input does: one fact's words, a paragraph put in, a rule taken out, two names
swapped, several articles.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from lodkit.domain import read_domain
from lodkit.extract import Extraction, extract
from lodkit.source import parse_article, read_article
from lodkit.statement import BASE, Basis, Modality, name_statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from lodkit.domain import Domain
    from lodkit.statement import Statement

Fact = tuple[str, str, str]
LABEL, TYPE = "rdfs:label", "rdf:type"
P = "id:Peru_People's_Movement"
ID = f"{BASE}id/"


def read(text: str, domain: Domain) -> Extraction:
    return extract(parse_article(text, abbreviations=domain.english.words("abbreviation")), domain)


def show(term: NamedNode | Literal, domain: Domain) -> str:
    if isinstance(term, NamedNode):
        return domain.compact(term.value)
    return term.value + (
        "@" + term.language if term.language else "^" + domain.compact(term.datatype.value).partition(":")[2]
    )


def facts_of(extraction: Extraction, domain: Domain) -> set[Fact]:
    return {
        (show(s.subject, domain), show(s.predicate, domain), show(s.object, domain))
        for s in extraction.statements
        if s.modality is Modality.ASSERTED
    }


@pytest.fixture(scope="module")
def text(sample: Path) -> str:
    return sample.read_text("utf-8")


@pytest.fixture(scope="module")
def original(text: str, domain: Domain) -> Extraction:
    return read(text, domain)


# ---- the words behind one fact
# ------------------------------------------------------------------------------------------------

# Words of the article, what they become, and the facts (in part) that go and come; a name that stands nowhere
# else brings its label
# and what it is.
RED_SUN, ALBUM, LOGO = (
    f"{P}/Red_Sun",
    f"{P}/Songs_of_the_Shining_Trenches_of_Combat",
    f"{P}/Logo_of_the_Popular_Movement_of_Peru.svg",
)
CHANGES: dict[str, tuple[str, str, set[Fact], set[Fact]]] = {
    "year of founding": (
        "Formation: 1996",
        "Formation: 1987",
        {(P, "schema:foundingDate", "1996^gYear")},
        {(P, "schema:foundingDate", "1987^gYear")},
    ),
    "caption": (
        "Logo Caption: Logo of the MPP",
        "Logo Caption: Emblem of 2001",
        {(LOGO, "schema:caption", "Logo of the MPP@en")},
        {(LOGO, "schema:caption", "Emblem of 2001@en")},
    ),
    "status": (
        "Status: Active (",
        "Status: Inactive (",
        {(P, "mvt:status", "mvt:active")},
        {(P, "mvt:status", "mvt:inactive")},
    ),
    "ban": (
        "Banned in Peru)",
        "Banned in Chile)",
        {(P, "mvt:bannedIn", "id:Peru"), ("id:Peru", LABEL, "Peru@en"), ("id:Peru", TYPE, "mvt:Country")},
        {(P, "mvt:bannedIn", "id:Chile"), ("id:Chile", LABEL, "Chile@en"), ("id:Chile", TYPE, "mvt:Country")},
    ),
    "purpose in a row": (
        "Garner support for the Shining Path",
        "Collect money for the Shining Path",
        {(P, "mvt:purpose", "Garner support for the Shining Path@en")},
        {(P, "mvt:purpose", "Collect money for the Shining Path@en")},
    ),
    "purpose in prose": (
        "to spread party propaganda abroad",
        "to print party newspapers abroad",
        {(P, "mvt:purpose", "spread party propaganda abroad@en")},
        {(P, "mvt:purpose", "print party newspapers abroad@en")},
    ),
    "expansion": (
        "Norway, Spain,",
        "Norway, Italy,",
        {
            (P, "mvt:expandedTo", "id:Spain"),
            ("id:Spain", LABEL, "Spain@en"),
            ("id:Spain", TYPE, "mvt:Country"),
        },
        {
            (P, "mvt:expandedTo", "id:Italy"),
            ("id:Italy", LABEL, "Italy@en"),
            ("id:Italy", TYPE, "mvt:Country"),
        },
    ),
    "materials": (
        "leaflets, posters,",
        "leaflets, badges,",
        {(P, "mvt:disseminates", "posters@en")},
        {(P, "mvt:disseminates", "badges@en")},
    ),
    "decade": (
        "in the 1990s",
        "in the 1980s",
        {(RED_SUN, "mvt:originalNameDate", "199X^EDTF")},
        {(RED_SUN, "mvt:originalNameDate", "198X^EDTF")},
    ),
    "original name": (
        '"Red Sun Study Circle"',
        '"White Moon Reading Room"',
        {(RED_SUN, "mvt:originalName", "Red Sun Study Circle@en")},
        {(RED_SUN, "mvt:originalName", "White Moon Reading Room@en")},
    ),
    "place of a work": (
        "supporters in Denmark",
        "supporters in Finland",
        {
            (RED_SUN, "schema:locationCreated", "id:Denmark"),
            ("id:Denmark", LABEL, "Denmark@en"),
            ("id:Denmark", TYPE, "mvt:Country"),
        },
        {
            (RED_SUN, "schema:locationCreated", "id:Finland"),
            ("id:Finland", LABEL, "Finland@en"),
            ("id:Finland", TYPE, "mvt:Country"),
        },
    ),
    "year of a work, and what is before it": (
        "in 1999, the MPP",
        "in 1998, the MPP",
        {(ALBUM, "schema:dateCreated", "1999^gYear"), ("tour", "dcterms:date", "../1999^EDTF")},
        {(ALBUM, "schema:dateCreated", "1998^gYear"), ("tour", "dcterms:date", "../1998^EDTF")},
    ),
    "see also": (
        "- Left-wing terrorism",
        "- History of Sudria",
        {
            (P, "rdfs:seeAlso", "id:Left-wing_terrorism"),
            ("id:Left-wing_terrorism", LABEL, "Left-wing terrorism@en"),
        },
        {
            (P, "rdfs:seeAlso", "id:History_of_Sudria"),
            ("id:History_of_Sudria", LABEL, "History of Sudria@en"),
        },
    ),
}
TOUR = re.compile(re.escape(P) + r"/Tour-\w+")


def tours(facts: set[Fact]) -> set[Fact]:
    """The tour's IRI holds a hash of its key, of which the date is part."""
    return {(TOUR.sub("tour", s), p, o) for s, p, o in facts}


@pytest.mark.slow
@pytest.mark.parametrize("case", CHANGES)
def test_only_the_fact_behind_changed_words_changes(
    case: str, text: str, original: Extraction, domain: Domain
) -> None:
    old, new, gone, come = CHANGES[case]
    assert text.count(old) == 1
    before, after = facts_of(original, domain), facts_of(read(text.replace(old, new), domain), domain)
    before, after = tours(before), tours(after)
    assert (before - after, after - before) == (gone, come)


@pytest.mark.slow
def test_a_row_with_an_unknown_key_loses_its_facts_only(
    text: str, original: Extraction, domain: Domain
) -> None:
    after = read(text.replace("- Status: Active (", "- Qwerty: Active ("), domain)
    lost = {(P, "mvt:status", "mvt:active"), *CHANGES["ban"][2]}
    assert facts_of(original, domain) ^ facts_of(after, domain) == lost
    assert any(skip.kind == "row" for skip in after.skipped)


# ---- a paragraph put in
# ---------------------------------------------------------------------------------------------------------

PARAGRAPHS = [
    "What follows is a summary.\n\n",
    "Nothing of this is new, and none of it is certain.\n\n",
    "This page says little about it: « naïve » readers 🙂 beware.\n\n",
]
LEAD = "The Peru People's Movement ("


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_before_the_lead_moves_places_only(
    paragraph: str, text: str, original: Extraction, domain: Domain
) -> None:
    at = text.index(LEAD)
    after = read(text[:at] + paragraph + text[at:], domain)
    assert facts_of(after, domain) == facts_of(original, domain)
    before_iris = dict(name_statements(original.document.value, original.article.text, original.statements))
    after_iris = dict(name_statements(after.document.value, after.article.text, after.statements))
    assert set(before_iris) == set(after_iris)
    for iri, statement in before_iris.items():
        moved = len(paragraph) if statement.span.start >= at else 0
        span = after_iris[iri].span
        assert (span.start, span.end) == (statement.span.start + moved, statement.span.end + moved)


# ---- a rule taken out
# -----------------------------------------------------------------------------------------------------------


def copy_domain(root: Path, to: Path) -> Path:
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(root / part, to / part)
    return to


def remove_rule(folder: Path, name: str) -> None:
    """Take the description of ``phrase:name`` out of the lexicon: from its line to the next line that ends in
    a full stop.
    """
    rule = re.compile(rf"^phrase:{re.escape(name)} a lk:Phrase\b.*?\.[ \t]*$\n", re.MULTILINE | re.DOTALL)
    files = [
        path for path in (folder / "ontology").glob("lexicon*.ttl") if rule.search(path.read_text("utf-8"))
    ]
    assert len(files) == 1, name
    files[0].write_text(rule.sub("", files[0].read_text("utf-8")), "utf-8")


def identity(statement: Statement, text: str) -> tuple[object, ...]:
    return (*statement.triple, statement.rule, statement.modality, statement.span.of(text))


@pytest.mark.parametrize(
    "name",
    ["disseminates", "main-purpose", "originally-named", "expanded", "brother-in-law", "banned", "tour"],
)
@pytest.mark.slow
def test_without_a_phrase_only_its_statements_vanish(
    name: str, root: Path, tmp_path: Path, original: Extraction
) -> None:
    folder = copy_domain(root, tmp_path)
    remove_rule(folder, name)
    domain = read_domain(folder)
    after = read(original.article.text, domain)
    text = original.article.text
    kept = {identity(s, text) for s in after.statements}
    rule = NamedNode(domain.expand("phrase:" + name))
    mentioned = {term for s in after.statements for term in s.triple}
    gone = [s for s in original.statements if identity(s, text) not in kept]
    assert [s for s in gone if s.rule == rule] == [s for s in original.statements if s.rule == rule] != []
    # What only the phrase's statements spoke of goes with them: its name and what it is.
    assert [s for s in gone if s.rule != rule and s.subject in mentioned] == []
    # What the phrase said a thing is may have stood for something weaker that another slot says.
    known, untyped = (
        {identity(s, text) for s in original.statements},
        {s.subject for s in gone if s.rule == rule and s.basis is Basis.INFERRED},
    )
    new = [s for s in after.statements if identity(s, text) not in known]
    assert [s for s in new if s.basis is not Basis.INFERRED or s.subject not in untyped] == []


# ---- two names swapped
# ------------------------------------------------------------------------------------------------------------

SWAPS = {
    "countries": ("Norway", "Denmark"),
    "people": ("Abimael Guzmán", "Javier Esparza"),
}
MINTED = re.compile(r"[A-Z]\w+-[0-9a-f]{8}(?:-\d+)?$")


def swapper(one: str, other: str) -> Callable[[str], str]:
    """A function that puts one name for the other, in text and in IRIs, both ways at once."""
    pairs = {one: other, other: one}
    pairs |= {a.replace(" ", "_"): b.replace(" ", "_") for a, b in pairs.items()}
    names = re.compile("|".join(map(re.escape, pairs)))
    return lambda text: names.sub(lambda found: pairs[found[0]], text)


def by_label(facts: set[Fact]) -> set[Fact]:
    """Nodes without a name of their own are called by their label: their IRIs hold a hash of it."""
    labels = {s: o for s, p, o in facts if p == LABEL and MINTED.search(s)}
    return {(labels.get(s, s), p, labels.get(o, o)) for s, p, o in facts}


@pytest.mark.parametrize("case", SWAPS)
def test_two_names_swapped_swap_in_the_graph(case: str, text: str, domain: Domain) -> None:
    swap = swapper(*SWAPS[case])
    plain = text.replace(
        "Abimael Guzman", "Abimael Guzmán"
    )  # one spelling, else a swap back could not restore it
    before, after = (
        by_label(facts_of(read(plain, domain), domain)),
        by_label(facts_of(read(swap(plain), domain), domain)),
    )
    assert swap(plain) != plain
    assert {(swap(s), p, swap(o)) for s, p, o in before} == after


# ---- several articles
# ---------------------------------------------------------------------------------------------------------------


def nodes_of(paths: list[Path], domain: Domain) -> dict[str, set[str]]:
    """The articles whose statements speak of a node, by its IRI."""
    sources: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        extraction = extract(read_article(path, abbreviations=domain.english.words("abbreviation")), domain)
        for statement in extraction.statements:
            for term in (statement.subject, statement.object):
                if isinstance(term, NamedNode) and term.value.startswith(ID):
                    sources[term.value].add(extraction.article.name)
    return sources


def in_an_article(iri: str) -> bool:
    """Whether a node is an article's own: ``id:ARTICLE/NAME``."""
    return "/" in iri.removeprefix(ID)


def test_articles_together_share_only_nodes_without_an_article(bundled: list[Path], domain: Domain) -> None:
    sources = nodes_of(bundled, domain)
    assert len(bundled) == 3
    assert [iri for iri, articles in sources.items() if len(articles) > 1 and in_an_article(iri)] == []
    assert len({next(iter(articles)) for iri, articles in sources.items() if in_an_article(iri)}) == 3


@pytest.mark.slow
def test_many_articles_together_share_only_nodes_without_an_article(shared: Path, domain: Domain) -> None:
    sources = nodes_of(sorted((shared / "articles").glob("*.txt")), domain)
    common = {iri for iri, articles in sources.items() if len(articles) > 1}
    assert [iri for iri in common if in_an_article(iri)] == []
    assert f"{ID}United_States" in common
