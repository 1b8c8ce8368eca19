"""A file speaks for itself only: what it says of another's article, or what only lodkit may say, is refused by
``load`` in both layouts, and cited by no query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from tests.sampled import rotated

from lodkit import cli
from lodkit.errors import InputError
from lodkit.load import check_claims, check_evidence, group_units
from lodkit.load.places import faults_of
from lodkit.rdf import renamed

pytestmark = pytest.mark.slow

ARTICLE = "https://w3id.org/lodkit/article/"
ID = "https://w3id.org/lodkit/id/"
LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TITLE = "http://purl.org/dc/terms/title"
TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"

OTHERS, OWN = f"{ARTICLE}Blue_Lantern", f"{ARTICLE}Grey_Gull"
FORGED = "Grey Gull rules the waves"

TEXT = "= Grey Gull =\n\nGrey Gull\n- Founder: Ada Lund\n\nGrey Gull is a political party in Norland.\n"
TRUE = (
    "= Blue Lantern =\n\nBlue Lantern\n- Founder: Ida Holm\n\nBlue Lantern is a political party in Norland.\n"
)

Quads = list[Quad]


def quad(subject: str, predicate: str, object_: str | Literal, graph: str) -> Quad:
    term = object_ if isinstance(object_, Literal) else NamedNode(object_)
    return Quad(NamedNode(subject), NamedNode(predicate), term, NamedNode(graph))


def number(value: object) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "nonNegativeInteger"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Quads]:
    """The quads of two articles, by their documents."""
    folder = tmp_path_factory.mktemp("built")
    found = {}
    for document, text in ((OTHERS, TRUE), (OWN, TEXT)):
        name = document.rpartition("/")[2]
        (folder / f"{name}.txt").write_text(text)
        words = ["build", str(folder / f"{name}.txt"), "-o", str(folder / f"{name}.nq"), "--no-validate"]
        assert cli.main([*words, "--with-text"]) == 0
        found[document] = list(parse((folder / f"{name}.nq").read_bytes(), RdfFormat.N_QUADS))
    return found


def write(path: Path, quads: Iterable[Quad]) -> str:
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    return (cli.main(list(words)), *capsys.readouterr())


def a_statement(document: str, graph: str, about: tuple[str, str, str | Literal]) -> Quads:
    """A statement about a triple under one document, in some graph."""
    statement, place = f"{document}#statement-00000000000f0f0f", f"{document}#char=0,{len(FORGED)}"
    context = f"{document}#char=0,{len(TEXT)}"
    parts = zip(("subject", "predicate", "object"), about, strict=True)
    return [
        quad(statement, RDF + "type", LK + "Statement", graph),
        *(quad(statement, RDF + part, term, graph) for part, term in parts),
        quad(statement, LK + "modality", LK + "asserted", graph),
        quad(statement, PROV + "wasDerivedFrom", place, graph),
        quad(place, NIF + "anchorOf", Literal(FORGED), graph),
        quad(place, NIF + "beginIndex", number(0), graph),
        quad(place, NIF + "endIndex", number(len(FORGED)), graph),
        quad(place, LK + "line", Literal(1), graph),
        quad(place, LK + "column", Literal(1), graph),
        quad(place, NIF + "referenceContext", context, graph),
    ]


FOUNDED = (f"{ID}Blue_Lantern", "https://schema.org/founder", f"{ID}Blue_Lantern/Ida_Holm")
EVIDENCE, FACTS = f"{OWN}#evidence", f"{OWN}#facts"
FOREIGN = f"{OTHERS}#statement-00000000000f0f0f"

# What a file that is about Grey Gull may not say: quads beside those of its article.
CLAIMS: dict[str, Quads] = {
    "another's statement in its own evidence": a_statement(OTHERS, EVIDENCE, FOUNDED),
    "another's statement in its own facts": a_statement(OTHERS, FACTS, FOUNDED),
    "another's statement in a graph": a_statement(OTHERS, "https://example.org/g", FOUNDED),
    "its own statement in a graph": a_statement(OWN, "https://example.org/g", FOUNDED),
    "a quote at another's place": [
        quad(f"{OTHERS}#char=0,5", NIF + "anchorOf", Literal("xxxxx"), "https://example.org/g")
    ],
    "another's document": [quad(f"{ARTICLE}Nobody", RDF + "type", LK + "Article", EVIDENCE)],
    "another's document in a graph": [
        quad(f"{ARTICLE}Nobody", RDF + "type", LK + "Article", "https://example.org/g")
    ],
    "another's text": [quad(f"{OWN}#char=0,9", NIF + "sourceUrl", OTHERS, EVIDENCE)],
    "a place in another's text": [
        quad(f"{OWN}#char=7,9", NIF + "referenceContext", f"{OTHERS}#char=0,99", EVIDENCE)
    ],
    "a statement at another's place": [
        quad(f"{OWN}#statement-1", PROV + "wasDerivedFrom", f"{OTHERS}#char=0,9", EVIDENCE)
    ],
    "a value at another's place": [
        quad(f"{OWN}#statement-1", LK + "objectPlace", f"{OTHERS}#char=0,9", EVIDENCE)
    ],
    "a place that is a text": [
        quad(f"{OWN}#statement-1", PROV + "wasDerivedFrom", Literal("here"), EVIDENCE)
    ],
    "another's title": [quad(OTHERS, TITLE, Literal("Forged"), EVIDENCE)],
    "another's title in the facts": [quad(OTHERS, TITLE, Literal("Forged"), FACTS)],
    "another's title in a graph": [quad(OTHERS, TITLE, Literal("Forged"), "https://example.org/g")],
    "another's topic in the facts": [quad(OTHERS, TOPIC, f"{ID}Grey_Gull", FACTS)],
    "a second title": [quad(OWN, TITLE, Literal("Forged"), EVIDENCE)],
    "its own title in the facts": [quad(OWN, TITLE, Literal("Forged"), FACTS)],
    "a second topic": [quad(OWN, TOPIC, f"{ID}Blue_Lantern", EVIDENCE)],
    "a name that only begins like it": [
        quad(f"{OWN}_Club#char=0,1", NIF + "anchorOf", Literal("x"), EVIDENCE)
    ],
    "a person in the evidence": [quad(f"{ID}Grey_Gull", RDF + "type", LK + "Statement", EVIDENCE)],
    "the graph of loads": [quad(OTHERS, LK + "digest", Literal("0" * 64), LK + "loads")],
    "anything in the graph of loads": [quad("x:a", "x:b", "x:c", LK + "loads")],
    "anything in the graph of the other layout": [quad("x:a", "x:b", "x:c", LK + "merged")],
    "a digest": [quad(OWN, LK + "digest", Literal("0" * 64), EVIDENCE)],
    "a digest in a graph": [quad("x:a", LK + "digest", Literal("0" * 64), "https://example.org/g")],
    "the number of the last load": [
        quad("https://w3id.org/lodkit/store", LK + "generation", Literal("9"), FACTS)
    ],
    "the ontology of lodkit": [quad("x:a", "x:b", "x:c", LK[:-1])],
    "the ontology of the domain": [quad("x:a", "x:b", "x:c", "https://w3id.org/lodkit/movement")],
    "a blank node of another graph": [
        quad("https://w3id.org/.well-known/genid/0123456789abcdef-c14n0", "x:b", "x:c", FACTS)
    ],
    "a graph of the article's name": [quad("x:a", "x:b", "x:c", OWN)],
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims_are_refused(claim: str, built: dict[str, Quads]) -> None:
    own = frozenset({LK[:-1], "https://w3id.org/lodkit/movement"})
    wrong = 0
    for unit in group_units([*built[OWN], *CLAIMS[claim]]):
        try:
            check_claims(unit, own)
            check_evidence(unit)
        except InputError:
            wrong += 1
    assert wrong == 1
    for unit in group_units([*built[OTHERS], *built[OWN]]):
        check_claims(unit, own)
        check_evidence(unit)


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "layout"), rotated(CLAIMS, ("graphs", "merged")))
def test_load_refuses_what_is_not_the_files_own(
    claim: str, layout: str, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "store")
    true = write(tmp_path / "true.nq", built[OTHERS])
    forged = write(tmp_path / "forged.nq", [*built[OWN], *CLAIMS[claim]])
    assert run(capsys, "load", true, "--into", store, "--layout", layout)[0] == 0
    before = exported(store, capsys)
    code, _, err = run(capsys, "load", forged, "--into", store)
    assert code in (3, 5), err
    assert f"lodkit: error: {forged}: " in err
    after = exported(store, capsys)
    assert {line for line in after if "Blue_Lantern#" in line} == {
        line for line in before if "Blue_Lantern#" in line
    }
    assert not any(FORGED in line or "Forged" in line for line in after)
    code, out, _ = run(capsys, "query", "founders", "--on", store, "--evidence")
    assert (code, FORGED in out) == (0, False)
    code, out, err = run(capsys, "load", true, "--into", store)
    assert (code, err) == (0, "1 article (1 unchanged): nothing to load\n")


def exported(store: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    target = Path(store).parent / "back.nq"
    assert run(capsys, "export", store, "--to", str(target))[0] == 0
    return target.read_text().splitlines()


SPEAKING = [name for name in CLAIMS if "statement" in name or "title" in name or "quote" in name]


@pytest.mark.parametrize("claim", SPEAKING)
def test_no_query_cites_what_a_file_says_for_another(
    claim: str, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    true = write(tmp_path / "true.nq", built[OTHERS])
    forged = write(tmp_path / "forged.nq", [*built[OWN], *CLAIMS[claim]])
    for files in ([true, forged], [forged, true], [forged]):
        words = [word for file in files for word in ("--on", file)]
        _, out, err = run(capsys, "query", "founders", *words, "--evidence", "--json")
        assert FORGED not in out
        assert (
            "Forged" not in run(capsys, "query", "articles", *words)[1] or "second" in claim or "own" in claim
        )
        assert re.fullmatch(r"(lodkit: error: [^\n]+\n)?(lodkit: no rows\n)?", err)


def test_a_server_cites_only_the_evidence_of_an_article(built: dict[str, Quads]) -> None:
    """What stands in a store without having come through lodkit is asked, and not cited for an article."""
    from lodkit.query import find_query, light_domain
    from lodkit.query import run as ask
    from lodkit.store import Store

    domain = light_domain(None)
    query = find_query(domain, "founders")
    for forged in (
        a_statement(OTHERS, EVIDENCE, FOUNDED),
        a_statement(OTHERS, "https://example.org/g", FOUNDED),
    ):
        store = Store()
        store.add([*built[OTHERS], *forged])
        cites = ask(query, store, domain=domain, evidence=True).cites
        assert cites is not None
        assert {cite.quote for row in cites for cite in row} >= {"Founder: Ida Holm"}
        assert not [cite for row in cites for cite in row if cite.quote == FORGED]


def test_two_versions_of_an_article_are_not_mixed(
    built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write(tmp_path / "one.nq", built[OWN])
    other = write(tmp_path / "other.nq", [quad for quad in built[OWN] if "Ada" not in str(quad)])
    copy = write(tmp_path / "copy.nq", built[OWN])
    assert run(capsys, "query", "founders", "--on", one, "--on", copy)[0] == 0
    code, out, err = run(capsys, "query", "founders", "--on", one, "--on", other)
    message = f"{OWN}: is another version of the article than in {one} (ask one of the two)"
    assert (code, out, err) == (3, "", f"lodkit: error: {other}: {message}\n")


@pytest.mark.parametrize("form", ["ttl", "trig", "nt", "jsonld"])
def test_what_a_file_says_of_itself_is_cited_in_every_format(
    form: str, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "one.nq", built[OWN])
    assert run(capsys, "export", file, "--to", str(tmp_path / f"one.{form}"), "--evidence")[0] == 0
    right = run(capsys, "query", "founders", "--on", file, "--evidence")
    assert "Founder: Ada Lund" in right[1]
    assert run(capsys, "query", "founders", "--on", str(tmp_path / f"one.{form}"), "--evidence") == right


# ---------------------------------------------------------------- evidence that contradicts itself

Change = Callable[[Quads], Quads]


def replaced(predicate: str, value: Callable[[Quad], Literal], only: str = "Ada Lund") -> Change:
    """Change the value of a property of the first place whose quote begins so."""

    def change(quads: Quads) -> Quads:
        places = sorted(
            str(one.subject)
            for one in quads
            if one.predicate.value == NIF + "anchorOf" and str(one.object).startswith(f'"{only}')
        )
        return [
            Quad(one.subject, one.predicate, value(one), one.graph_name)
            if str(one.subject) == places[0] and one.predicate.value == predicate
            else one
            for one in quads
        ]

    return change


def of_document(predicate: str, value: Literal) -> Change:
    return lambda quads: [
        Quad(one.subject, one.predicate, value, one.graph_name)
        if one.predicate.value == predicate and str(one.subject) == f"<{OWN}>"
        else one
        for one in quads
    ]


def doubled(predicate: str, value: Literal | NamedNode) -> Change:
    """Give one subject a second value of a property."""

    def change(quads: Quads) -> Quads:
        one = next(one for one in quads if one.predicate.value == predicate)
        return [*quads, Quad(one.subject, one.predicate, value, one.graph_name)]

    return change


def text_of(one: Quad) -> str:
    assert isinstance(one.object, Literal)
    return one.object.value


FORGERIES: dict[str, Change] = {
    "another quote": replaced(NIF + "anchorOf", lambda one: Literal(text_of(one).swapcase())),
    "a longer quote": replaced(NIF + "anchorOf", lambda one: Literal(text_of(one) + "!")),
    "an offset that is no number": replaced(NIF + "beginIndex", lambda _: Literal("one")),
    "a negative offset": replaced(NIF + "beginIndex", lambda _: Literal(-1)),
    "an offset outside the text": replaced(NIF + "endIndex", lambda _: number(10**6)),
    "an end before the begin": replaced(NIF + "endIndex", lambda _: number(0)),
    "an endless number": replaced(NIF + "endIndex", lambda _: Literal("9" * 5000)),
    "another line": replaced(LK + "line", lambda _: Literal(1)),
    "another column": replaced(LK + "column", lambda _: Literal(99)),
    "line 0": replaced(LK + "line", lambda _: Literal(0)),
    "a line that is no number": replaced(LK + "line", lambda _: Literal("4th")),
    "another length": of_document(LK + "length", number(5)),
    "a length that is no number": of_document(LK + "length", Literal("long")),
    "another SHA-256": of_document(LK + "sha256", Literal("0" * 64)),
    "another text": lambda quads: [
        Quad(one.subject, one.predicate, Literal(TRUE), one.graph_name)
        if one.predicate.value == NIF + "isString"
        else one
        for one in quads
    ],
    "two quotes": doubled(NIF + "anchorOf", Literal("x")),
    "two begins": doubled(NIF + "beginIndex", number(3)),
    "two subjects": doubled(RDF + "subject", NamedNode(f"{ID}Other")),
    "two objects": doubled(RDF + "object", NamedNode(f"{ID}Other")),
    "two modalities": doubled(LK + "modality", NamedNode(LK + "hedged")),
    "two texts": doubled(NIF + "isString", Literal("x")),
    "two digests of the text": doubled(LK + "sha256", Literal("0" * 64)),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgeries_are_refused(forgery: str, built: dict[str, Quads]) -> None:
    [unit] = group_units(FORGERIES[forgery](built[OWN]))
    with pytest.raises(InputError) as caught:
        check_evidence(unit)
    assert caught.value.term is not None
    assert caught.value.term.startswith(OWN)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["graphs", "merged"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_evidence_is_refused(
    forgery: str, layout: str, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = FORGERIES[forgery](built[OWN])
    assert forged != built[OWN]
    file = write(tmp_path / "forged.nq", forged)
    code, out, err = run(capsys, "load", file, "--into", str(tmp_path / "store"), "--layout", layout)
    assert (code, out) == (3, "")
    assert re.search(rf"(?:^|\n)lodkit: error: {re.escape(file)}: {re.escape(OWN)}\S*: [^\n]+\n$", err), err
    code, out, err = run(capsys, "verify", file)
    assert code == 1
    assert out.count("\n") >= 1


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (lambda one: "#facts>" not in str(one) or "founder>" not in str(one), "asserted statement"),
        (lambda one: "#evidence>" not in str(one) or "#statement-" not in str(one.subject), "fact"),
    ],
    ids=["fact", "statement"],
)
def test_facts_and_statements_go_together(
    kept: Callable[[Quad], bool],
    message: str,
    built: dict[str, Quads],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In graphs of its own that is said; in one graph it would be lost, and is refused."""
    file = write(tmp_path / "half.nq", filter(kept, built[OWN]))
    code, _, err = run(capsys, "load", file, "--into", str(tmp_path / "graphs"))
    assert code == 0
    assert re.search(rf"lodkit: warning: [0-9]+ {message}s? without an? ", err)
    code, _, err = run(capsys, "load", file, "--into", str(tmp_path / "merged"), "--layout", "merged")
    assert code == 3
    assert "in one graph, this would not be found again as the article's: " in err
    assert run(capsys, "verify", file)[0] == 1


@pytest.mark.parametrize("number", range(4))
def test_evidence_that_does_not_hang_together(
    number: int, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one graph it would not be found again: fewer quads would come out than went in."""
    lost = [NIF + "sourceUrl", LK + "section", PROV + "wasDerivedFrom", RDF + "type"][number]
    file = write(tmp_path / "loose.nq", [one for one in built[OWN] if one.predicate.value != lost])
    code, _, err = run(capsys, "load", file, "--into", str(tmp_path / "merged"), "--layout", "merged")
    assert (code, "would not be found again" in err) == (3, True)


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40), st.text(max_size=6))
def test_a_place_is_right_if_and_only_if_the_text_has_the_quote(
    text: str, begin: int, end: int, quote: str
) -> None:
    place = f"{OWN}#char={begin},{end}"
    quads = [
        quad(OWN, LK + "length", number(len(text)), EVIDENCE),
        quad(place, NIF + "beginIndex", number(begin), EVIDENCE),
        quad(place, NIF + "endIndex", number(end), EVIDENCE),
        quad(place, NIF + "anchorOf", Literal(quote), EVIDENCE),
    ]
    [unit] = group_units(quads)
    is_right = begin <= end <= len(text) and text[begin:end] == quote
    assert (not list(faults_of(unit, text))) == is_right


# ---------------------------------------------------------------- replacing


@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_what_has_no_evidence_replaces_nothing_unasked(
    layout: str, built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, file = str(tmp_path / "store"), write(tmp_path / "whole.nq", built[OWN])
    bare = write(tmp_path / "bare.nq", [next(one for one in built[OWN] if "#facts>" in str(one.graph_name))])
    assert run(capsys, "load", file, "--into", store, "--layout", layout)[0] == 0
    before = exported(store, capsys)
    code, _, err = run(capsys, "load", bare, "--into", store)
    assert (code, "evidence" in err) == (3, True)
    assert exported(store, capsys) == before
    if layout == "graphs":
        assert "has no evidence, and the version of" in err
        code, _, err = run(capsys, "load", bare, "--into", store, "--replace")
        assert code == 0
        assert f"lodkit: warning: {OWN}: replaced: {len(built[OWN])} quads by 1\n" in err
        assert len(exported(store, capsys)) == 1


def test_a_graph_does_not_replace_an_article(
    built: dict[str, Quads], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, file = str(tmp_path / "store"), write(tmp_path / "whole.nq", built[OWN])
    assert run(capsys, "load", file, "--into", store)[0] == 0
    graph = write(tmp_path / "graph.nq", [quad("x:a", "x:b", "x:c", OWN)])
    code, _, err = run(capsys, "load", graph, "--into", store, "--replace")
    assert (code, "names an article of the store" in err) == (3, True)
    assert len(exported(store, capsys)) == len(built[OWN])


# ---------------------------------------------------------------- blank nodes


ON_FILES = {
    "nt": '_:x <x:p> "{value}" .\n',
    "nq": '_:x <x:p> "{value}" <x:g> .\n',
    "ttl": '_:x <x:p> "{value}" .\n',
    "trig": '<x:g> {{ _:x <x:p> "{value}" }}\n',
    "jsonld": '{{"@id": "_:x", "x:p": "{value}"}}\n',
}
BOTH = "SELECT (COUNT(DISTINCT ?s) AS ?nodes) { ?s <x:p> ?o }"


@pytest.mark.parametrize("form", ON_FILES)
def test_blank_nodes_of_two_files_stay_two(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = []
    for value in ("one", "two"):
        (tmp_path / f"{value}.{form}").write_text(ON_FILES[form].format(value=value))
        words += ["--on", str(tmp_path / f"{value}.{form}")]
    (tmp_path / "nodes.rq").write_text(BOTH)
    assert run(capsys, "query", str(tmp_path / "nodes.rq"), *words)[1].split() == ["nodes", "2"]


def test_blank_nodes_in_triple_terms_are_renamed() -> None:
    data = b'<x:a> <x:b> <<( _:x <x:p> <<( _:y <x:p> _:x )>> )>> .\n_:x <x:p> "1" .'
    found = list(renamed(parse(data, RdfFormat.N_TRIPLES), "f1_"))
    labels = re.findall(r"_:(\S+)", " ".join(map(str, found)))
    assert sorted(set(labels)) == ["f1_x", "f1_y"]


def test_made_names_are_none_that_are_written() -> None:
    graph, said, asked = NamedNode("https://example.org/g"), NamedNode("x:p"), NamedNode("x:q")
    [alone] = group_units([Quad(BlankNode("b"), said, Literal("1"), graph)])
    [made] = {one.subject for one in alone.quads}
    for extra in (Quad(made, asked, Literal("2"), graph), Quad(graph, asked, made, graph)):
        [both] = group_units([Quad(BlankNode("b"), said, Literal("1"), graph), extra])
        [node] = {one.subject for one in both.quads if one.predicate == said}
        assert node != made
        [again] = group_units(both.quads)
        assert again.digest == both.digest


def test_two_graphs_of_one_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.nq").write_text(f'_:x <x:p> "{name}" <x:{name}> .\n')
    words = [str(tmp_path / f"{name}.nq") for name in ("one", "two")]
    assert run(capsys, "load", *words, "--into", str(tmp_path / "store"))[0] == 0
    lines = exported(str(tmp_path / "store"), capsys)
    assert len({line.split()[0] for line in lines}) == 2
