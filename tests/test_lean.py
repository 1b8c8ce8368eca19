"""Lean evidence says the same as full evidence: what it leaves out follows from the rest, and all that asks,
validates, loads and exports answers alike.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from tests.test_query import CASES, DOMAIN, QUERIES, STORES, expected_rows, parameter, small_quads

from lodkit import api, cli
from lodkit import query as lodkit_query
from lodkit.build import Built, build_article, build_text
from lodkit.domain import Domain
from lodkit.errors import InputError, UsageError
from lodkit.extract import Extraction
from lodkit.load import check_evidence, group_units
from lodkit.query import CannedQuery, format_solutions, run
from lodkit.rdf import FORMATS, lean, quad_lines, read, write
from lodkit.rdf.quads import LK, NIF, TYPE, _Evidence
from lodkit.source import Article, parse_article, read_article
from lodkit.statement import Span
from lodkit.store import Store
from lodkit.validate import Report, validate

ROOT = Path(__file__).parent.parent
REPORTS = Path(__file__).parent / "reports"
MOST_FOR_A_FACT = 11.2
"""How many quads lean data have for each fact, over many articles."""


def read_trig(file: Path) -> list[Quad]:
    return list(parse(file.read_bytes(), RdfFormat.TRIG))


@pytest.fixture(scope="module")
def built(bundled: list[Path], domain: Domain) -> list[Built]:
    return [build_article(file, domain) for file in bundled]


# ---- what follows from the rest


def indexes(place: str) -> Iterator[tuple[str, str]]:
    """Begin and end, which the IRI of a place says (RFC 5147 §2.2.1)."""
    found = re.search(r"#char=(\d+),(\d+)$", place)
    if found:
        yield from zip((NIF + "beginIndex", NIF + "endIndex"), found.groups(), strict=True)


def followed(quads: list[Quad]) -> set[tuple[str, str, str]]:
    """The triples of lean evidence and what follows from them: by the domains of the ontology (RDF Schema
    §3.2), from names, and from a missing basis.
    """
    domains = {
        quad.subject: quad.object
        for quad in parse((ROOT / "ontology" / "core.ttl").read_bytes(), RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#domain")
    }
    found = {(str(q.subject), q.predicate.value, str(q.object)) for q in quads}
    found |= {
        (str(q.subject), TYPE.value, str(domains[q.predicate])) for q in quads if q.predicate in domains
    }
    of = defaultdict(set)
    for quad in quads:
        of[quad.subject].add(quad.predicate.value)
        for predicate, index in indexes(str(quad.subject)[1:-1]):
            found.add((str(quad.subject), predicate, index))
    stated = {node for node, said in of.items() if LK + "modality" in said and LK + "basis" not in said}
    rows = {
        str(q.object) for q in quads if q.predicate.value == LK + "section" and "#field-" in str(q.object)
    }
    read = {(row, LK + "outcome", '"facts"') for row in rows}  # a place stands in it
    return found | read | {(str(node), LK + "basis", f"<{LK}stated>") for node in stated}


@pytest.mark.slow
def test_what_is_left_out_follows(built: list[Built]) -> None:
    """All but the text's own node, the places of subjects, objects and keys, and the extents of sections and
    rows.
    """
    for one in built:
        lean_quads = list(one.quads(evidence="lean"))
        kept = followed(lean_quads)
        nodes = {str(quad.subject) for quad in lean_quads}
        for quad in one.quads():
            subject, predicate, value = str(quad.subject), quad.predicate.value, str(quad.object)
            if predicate in (NIF + "beginIndex", NIF + "endIndex"):
                value = getattr(quad.object, "value", "")
                if "#char=" not in subject:
                    continue
            told = predicate in (NIF + "referenceContext", *(LK + f"{x}Place" for x in PLACES))
            if subject in nodes and not told and value != f"<{NIF}RFC5147String>":
                assert (subject, predicate, value) in kept


PLACES = ("subject", "object", "key")


def test_lean_evidence_has_a_place_for_each_statement_and_no_other(built: list[Built]) -> None:
    for one in built:
        places = {q.subject for q in one.quads(evidence="lean") if q.predicate.value == NIF + "anchorOf"}
        read_at = {
            quad.object
            for quad in one.quads(evidence="lean")
            if quad.predicate.value.endswith(("#wasDerivedFrom", "#antecedentPlace"))
        }
        assert places == read_at


@pytest.mark.slow
def test_facts_and_the_order_stay(built: list[Built]) -> None:
    for one in built:
        full, some = list(one.quads()), list(one.quads(evidence="lean"))
        assert some == [quad for quad in full if quad in set(some)]
        facts = list(one.quads(evidence="none"))
        assert facts == [quad for quad in some if str(quad.graph_name).endswith("#facts>")]


def test_what_is_lean_stays_as_it_is(built: list[Built]) -> None:
    some = list(chain.from_iterable(one.quads(evidence="lean") for one in built))
    assert list(lean(some)) == some


def test_the_text_stays_where_it_is_asked_for(built: list[Built]) -> None:
    quads = list(lean(list(built[0].quads(with_text=True))))
    said = {quad.predicate.value for quad in quads if f"#char=0,{len(built[0].article.text)}>" in str(quad)}
    assert said == {NIF + "isString", NIF + "sourceUrl"}


def test_others_data_stay() -> None:
    data = [
        Quad(NamedNode("x:a#char=0,1"), NamedNode(NIF + "beginIndex"), Literal(0)),
        Quad(NamedNode("x:a#b"), TYPE, NamedNode(NIF + "Phrase")),
        Quad(NamedNode("x:a"), NamedNode(LK + "basis"), NamedNode(LK + "stated")),
    ]
    assert list(lean(data)) == data


def test_a_place_that_stands_nowhere_is_an_error(built: list[Built]) -> None:
    quads = [quad for quad in built[0].quads() if quad.predicate.value != LK + "section"]
    with pytest.raises(InputError, match=r"does not say what it stands in \(lk:section\) \(build the"):
        list(lean(quads))


def test_an_unknown_level_is_an_error(built: list[Built]) -> None:
    with pytest.raises(UsageError, match=r"no level of evidence: 'thin' \(one of none, lean, full\)"):
        built[0].quads(evidence="thin")


@pytest.mark.slow
def test_quads_for_a_fact(shared: Path, domain: Domain) -> None:
    sizes: Counter[str] = Counter()
    for file in sorted((shared / "articles").glob("*.txt")):
        one = build_article(file, domain)
        for level in ("none", "lean", "full"):
            sizes[level] += len(list(one.quads(evidence=level)))
    assert sizes["lean"] <= MOST_FOR_A_FACT * sizes["none"]
    assert sizes["lean"] < 0.55 * sizes["full"]


# ---- what a place stands in

LINES = st.lists(
    st.sampled_from(["== A ==", "=== B ===", "==== C ====", "Words stand here. More too.", "- an item", ""]),
    max_size=12,
)
ROWS = st.lists(
    st.sampled_from(["- Founder: Ada Lund", "- Founder:", "- : x", "- only a key", "-  Size :  7 "]),
    max_size=4,
)


@given(ROWS, LINES)
def test_a_place_stands_in_the_innermost_of_all(rows: list[str], lines: list[str]) -> None:
    article = parse_article("\n".join(["= T =", "", *(["Box", *rows] if rows else []), "", *lines, ""]))
    evidence = _Evidence(Extraction(article, "x:", NamedNode("x:a"), NamedNode("x:b"), (), ()))
    for start in range(len(article.text)):
        for end in (start, min(start + 2, len(article.text))):
            assert evidence.around(Span(start, end)) == brute_force(evidence, article, Span(start, end))


def brute_force(evidence: _Evidence, article: Article, span: Span) -> NamedNode:
    rows = [
        node
        for node, row in zip(evidence.rows, article.cells, strict=True)
        if row.value.start <= span.start and span.end <= row.value.end
    ]
    around = [
        (section.span.end - section.span.start, number)
        for number, section in enumerate(article.sections)
        if section.span.start <= span.start < section.span.end
    ]
    if rows:
        return rows[-1]
    return evidence.sections[min(around)[1]] if around else evidence.document


# ---- queries


@pytest.fixture(scope="module")
def lean_stores() -> dict[str, Store]:
    found = {articles: Store() for articles in STORES}
    for articles, store in found.items():
        store.add(list(lean(small_quads(articles))))
        assert len(store) < len(STORES[articles])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("articles", sorted(STORES))
def test_canned_queries_have_the_same_rows_and_quotes(
    articles: str, case: str, lean_stores: dict[str, Store]
) -> None:
    name, parameters = CASES[case]
    query: CannedQuery = QUERIES[name]
    terms = lodkit_query.resolve(query, parameters, STORES["five"], DOMAIN)
    given = {key: parameter(term) for key, term in terms.items()}
    full, some = (
        run(query, store, given, domain=DOMAIN, evidence=bool(query.evidence))
        for store in (STORES[articles], lean_stores[articles])
    )
    assert some.rows == full.rows
    assert some.cites == full.cites
    assert (
        format_solutions(some, "csv").splitlines()[0].startswith(",".join(expected_rows(articles, case)[0]))
    )


WANTED = {"entity": "<https://w3id.org/lodkit/id/Peace_Now>", "name": "peace"}


@pytest.fixture(scope="module")
def real_stores(built: list[Built]) -> list[Store]:
    found = []
    for level in ("full", "lean"):
        store = Store()
        store.add(lodkit_query.ontology(DOMAIN))
        store.add(chain.from_iterable(one.quads(evidence=level) for one in built))
        found.append(store)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(QUERIES))
def test_real_articles_have_the_same_rows_and_quotes(name: str, real_stores: list[Store]) -> None:
    query = QUERIES[name]
    given = {one.name: WANTED[one.name] for one in query.parameters if one.required}
    full, some = (
        run(query, store, given, domain=DOMAIN, evidence=bool(query.evidence)) for store in real_stores
    )
    assert some.rows == full.rows
    assert some.cites == full.cites


# ---- validation


def judged(quads: Iterable[Quad], domain: Domain, article: Article | None = None, name: str = "") -> Report:
    return validate(quads, domain, articles={name: article} if article else {}, evidence=True)


def told(report: Report) -> set[tuple[object, ...]]:
    """What is said, and where; ``iri`` is that of the place."""
    return {
        (one.focus_node, one.path, one.value, one.message, place.line, place.column, place.quote, place.key)
        for one in report.results
        for place in one.places
    }


@pytest.mark.slow
@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("with_article", [False, True])
def test_built_articles_conform(
    built: list[Built], domain: Domain, *, merged: bool, with_article: bool
) -> None:
    for one in built:
        quads = list(one.quads(evidence="lean"))
        if merged:
            quads = [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads]
        report = judged(quads, domain, one.article if with_article else None, one.document)
        assert report.conforms
        assert not report.uncovered
        assert told(report) == told(judged(one.quads(), domain, one.article, one.document))


# In one case it is the indexes that are wrong, which lean evidence does not have.
PLANTED = sorted({file.parent.name for file in REPORTS.glob("*/data.trig")} - {"LessThanOrEquals"})


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_results_stand_at_the_same_places(name: str, domain: Domain) -> None:
    quads = read_trig(REPORTS / name / "data.trig")
    article = read_article(REPORTS / name / "article.txt", abbreviations=domain.english.words("abbreviation"))
    document = next(str(q.subject)[1:-1] for q in quads if str(q.object) == f"<{LK}Article>")
    full, some = (validate(data, domain, articles={document: article}) for data in (quads, list(lean(quads))))
    assert told(some) == told(full)
    assert [(one.focus_node, one.path, one.message) for one in some.results] == [
        (one.focus_node, one.path, one.message) for one in full.results
    ]


def changed(quads: Iterable[Quad], old: str, new: str) -> list[Quad]:
    text = "".join(f"{line}\n" for line in quad_lines(quads))
    assert old in text
    return list(parse(text.replace(old, new, 1).encode(), RdfFormat.N_QUADS))


TEXT = """= Sea Club =

Sea Club
- Founder: Ada Lund
- Founded: 1996

Sea Club is a political party in Norland.

== History ==

It was founded in 1996 by Ada Lund.
"""
DAMAGE = {
    "a quote": ('anchorOf> "1996"', 'anchorOf> "1997"', "quotes '1997' where the text has '1996'"),
    "a short quote": ('anchorOf> "1996"', 'anchorOf> "199"', "and its quote has 3 characters"),
    "a line": ('line> "5"', 'line> "6"', "is said to be at 6:"),
    "two sections": (
        "#section-history> <https://w3id.org/lodkit/core#section> <",
        "#section-history> <https://w3id.org/lodkit/core#section> <https://w3id.org/lodkit/article/Sea_Club#x> <https://w3id.org/lodkit/article/Sea_Club#evidence> .\n"
        "<https://w3id.org/lodkit/article/Sea_Club#section-history> <https://w3id.org/lodkit/core#section> <",
        "has 2 values of <https://w3id.org/lodkit/core#section>",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(
    name: str, domain: Domain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, message = DAMAGE[name]
    (tmp_path / "sea.txt").write_text(TEXT, encoding="utf-8")
    quads = changed(build_article(tmp_path / "sea.txt", domain).quads(evidence="lean"), old, new)
    with (tmp_path / "sea.nq").open("wb") as out:
        write(quads, out, FORMATS["nq"])
    assert cli.main(["verify", str(tmp_path / "sea.nq"), str(tmp_path / "sea.txt")]) == 1
    assert message in "".join(capsys.readouterr())
    if name in ("a short quote", "two sections"):
        [unit] = group_units(quads)
        with pytest.raises(InputError, match=re.escape(message)):
            check_evidence(unit)
        assert not judged(quads, domain).conforms
    if name == "a quote":
        document = "https://w3id.org/lodkit/article/Sea_Club"
        report = validate(quads, domain, articles={document: parse_article(TEXT)})
        [result] = report.results
        assert result.message == "The quote is not what the article says there."
        assert [(place.line, place.quote) for place in result.places] == [(5, "1997")]


def test_a_text_in_lean_evidence_is_what_quotes_are_of(domain: Domain) -> None:
    one = build_text(TEXT, domain)
    quads = list(one.quads(evidence="lean", with_text=True))
    assert judged(quads, domain).conforms
    wrong = changed(quads, 'anchorOf> "1996"', 'anchorOf> "1997"')
    assert [r.message for r in judged(wrong, domain).results] == [
        "The quote is not what the article says there."
    ]


# ---- the command, stores and formats


def lodkit(*words: str | Path) -> int:
    return cli.main([str(word) for word in words])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with all of its evidence, and lean."""
    folder = tmp_path_factory.mktemp("lean")
    (folder / "sea.txt").write_text(TEXT, encoding="utf-8")
    assert lodkit("build", folder / "sea.txt", "-o", folder / "full.nq") == 0
    assert lodkit("build", folder / "sea.txt", "-o", folder / "lean.nq", "--lean") == 0
    return folder


def test_full_evidence_is_made_lean_by_export(files: Path) -> None:
    assert lodkit("export", files / "full.nq", "--to", files / "some.nq", "--lean") == 0
    assert (files / "some.nq").read_bytes() == (files / "lean.nq").read_bytes()
    assert len((files / "lean.nq").read_bytes()) < len((files / "full.nq").read_bytes())


@pytest.mark.parametrize("form", ["ttl", "trig", "nt", "nq", "jsonld", "rdf"])
def test_every_format(form: str, files: Path) -> None:
    target = files / f"there.{form}"
    assert lodkit("export", files / "lean.nq", "--to", target, "--evidence") == 0
    triples = {(q.subject, q.predicate, q.object) for q in read(target.read_bytes(), FORMATS[form])}
    assert triples == {
        (q.subject, q.predicate, q.object) for q in parse((files / "lean.nq").read_bytes(), RdfFormat.N_QUADS)
    }
    assert lodkit("verify", target, files / "sea.txt") == 0
    if form in ("ttl", "nt", "rdf"):
        made = files / f"made.{form}"
        assert lodkit("build", files / "sea.txt", "-o", made, "--lean") == 0
        assert made.read_bytes() == target.read_bytes()


def test_contradictions_are_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (f"build {files}/sea.txt", f"export {files}/lean.nq --to {files}/x.nq"):
        assert lodkit(*command.split(), "--lean", "--no-evidence") == 2
        assert "--lean and --no-evidence contradict each other" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_stores_hold_lean_articles(
    layout: str, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    (tmp_path / "other.txt").write_text(TEXT.replace("Sea Club", "Lake Club"), encoding="utf-8")
    assert lodkit("build", tmp_path / "other.txt", "--into", store, "--layout", layout, "--lean") == 0
    for name in ("lean", "full", "lean"):  # each takes the place of the one before
        assert lodkit("load", files / f"{name}.nq", "--into", store, "--layout", layout) == 0
        assert "1 replaced" in capsys.readouterr().err or name == "lean"
        assert lodkit("load", files / f"{name}.nq", "--into", store) == 0
        assert "nothing to load" in capsys.readouterr().err
        assert lodkit("verify", store, files / "sea.txt") == 0
        assert lodkit("store", store, "--json") == 0
        [unit] = (
            one for one in json.loads(capsys.readouterr().out)["units"] if one.get("title") == "Sea Club"
        )
        own = set((files / f"{name}.nq").read_text(encoding="utf-8").splitlines())
        assert unit["evidence"] + unit["facts"] == unit["expected"] == len(own)
        assert lodkit("export", store, "--to", tmp_path / "back.nq") == 0
        lines = (tmp_path / "back.nq").read_text(encoding="utf-8").splitlines()
        assert {line for line in lines if "article/Sea_Club#" in line.rsplit(" ", 2)[1]} == own
        assert lodkit("validate", store) == 0


def test_a_part_that_hangs_nowhere_is_not_loaded_into_one_graph(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (files / "lean.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    section = "#section-history> <https://w3id.org/lodkit/core#section> "
    (tmp_path / "loose.nq").write_text("".join(line for line in lines if section not in line))
    assert lodkit("load", tmp_path / "loose.nq", "--into", tmp_path / "store", "--layout", "merged") == 3
    assert "does not stand in the article (lk:section)" in capsys.readouterr().err


def test_the_library_is_told_alike(files: Path, tmp_path: Path) -> None:
    corpus = api.Domain().read(files / "sea.txt")
    corpus.write(tmp_path / "lean.nq", evidence="lean")
    assert (tmp_path / "lean.nq").read_bytes() == (files / "lean.nq").read_bytes()
    data = io.BytesIO()
    write(corpus.quads(evidence="lean"), data, FORMATS["nq"])
    assert data.getvalue() == (files / "lean.nq").read_bytes()
    assert len(corpus.to_rdflib(evidence="lean")) == len((files / "lean.nq").read_bytes().splitlines())
