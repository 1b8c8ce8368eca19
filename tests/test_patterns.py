"""Regular expressions of shapes: those of XPath, in linear time, with the results that the specification wants."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from lodkit.build import build_article
from lodkit.check import check_examples
from lodkit.domain import Domain, PatternError, parse_value_pattern, read_domain
from lodkit.domain.deterministic import deterministic
from lodkit.lint import lint_shapes
from lodkit.validate import Report, validate

LIGHTS = Path(__file__).parent / "second_domain"
LH, SHAPE = "https://example.org/lighthouse#", "https://example.org/lighthouse/shapes#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LIGHT = NamedNode("https://example.org/x")

# Patterns that take a backtracking engine years, a text that matches and one that does not.
SLOW = {
    "^(a+)+$": ("a" * 20, "a" * 60 + "b"),
    "^(a|a)*$": ("aa", "a" * 60 + "b"),
    "^(.*)*x$": ("aax", "a" * 60),
    "a*a*a*a*a*a*b": ("aab", "a" * 5000),
    "^(([a-z])+.)+[A-Z]([a-z])+$": ("aaaAa", "a" * 60),
    "^(a?){40}a{40}$": ("a" * 40, "a" * 39),
}
# Where a pattern can stand in shapes, and which of the two texts it finds fault with.
SHAPES = {
    "own": ("shape:Light-range sh:pattern {} .", "no"),
    "not": ("shape:Light-range sh:not [ sh:pattern {} ] .", "yes"),
    "or": ("shape:Light-range sh:or ( [ sh:minLength 9000 ] [ sh:node [ sh:pattern {} ] ] ) .", "no"),
    "xone": ("shape:Light-range sh:xone ( [ sh:minLength 9000 ] [ sh:and ( [ sh:pattern {} ] ) ] ) .", "no"),
    "node": ("shape:Light-range sh:node shape:Far . shape:Far a sh:NodeShape ; sh:pattern {} .", "no"),
    "path": (
        "shape:Light sh:property shape:Far . shape:Far a sh:PropertyShape ; "
        "sh:path [ sh:alternativePath ( lh:range lh:state ) ] ; sh:pattern {} .",
        "no",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(LIGHTS / part, tmp_path / "domain" / part)
    return tmp_path / "domain"


def read_with(folder: Path, text: str) -> Domain:
    with (folder / "shapes" / "lighthouse.ttl").open("a", encoding="utf-8") as out:
        out.write(f"\n{text}\n")
    return read_domain(folder)


def report_on(domain: Domain, predicate: str, *values: NamedNode | Literal | BlankNode) -> Report:
    kind = Quad(LIGHT, TYPE, NamedNode(LH + "Lighthouse"))
    return validate([kind, *(Quad(LIGHT, NamedNode(predicate), value) for value in values)], domain)


@pytest.mark.parametrize("source", SLOW)
def test_a_pattern_takes_linear_time(source: str) -> None:
    yes, no = SLOW[source]
    pattern = parse_value_pattern(source)
    assert pattern.matches(yes)
    assert not pattern.matches(no)
    assert pattern.matching((yes, no, yes * 1000)) >= {yes}


@pytest.mark.parametrize("source", SLOW)
@pytest.mark.parametrize("place", SHAPES)
@pytest.mark.slow
def test_no_pattern_of_a_shape_hangs(folder: Path, source: str, place: str) -> None:
    shape, wanted = SHAPES[place]
    domain = read_with(folder, shape.format(Literal(source)))
    texts = dict(zip(("yes", "no"), SLOW[source], strict=True))
    report = report_on(domain, LH + "range", *(Literal(text, language="en") for text in texts.values()))
    found = {str(result.value) for result in report.results if result.value is not None}
    assert found == {str(Literal(texts[wanted], language="en"))}


@pytest.mark.slow
def test_the_reader_takes_only_what_matches(folder: Path, tmp_path: Path) -> None:
    domain = read_with(
        folder,
        "shape:Light sh:property shape:Light-code . shape:Light-code a sh:PropertyShape ; sh:path lh:code ; "
        'sh:datatype xsd:string ; sh:pattern "^(x[0-9]+)+$" ; sh:flags "i" .',
    )
    (folder / "ontology" / "more.ttl").write_text(
        "<x:rule> a <https://w3id.org/lodkit/core#FieldRule> ; <https://w3id.org/lodkit/core#key> 'Code' ; "
        f"<https://w3id.org/lodkit/core#fills> <{SHAPE}Light-code> .",
        "utf-8",
    )
    domain = read_domain(folder)
    assert check_examples(domain) == []
    assert lint_shapes(domain)
    codes = {}
    for code in ("X1x22", "x" * 40 + "!"):
        text = f"= Gull Head =\n\nGull Head\n- Code: {code}\n\nGull Head is a lighthouse.\n"
        (tmp_path / "a.txt").write_text(text, "utf-8")
        facts = build_article(tmp_path / "a.txt", domain).quads(evidence=False)
        codes[code] = [str(fact.object) for fact in facts if fact.predicate.value == LH + "code"]
    assert codes == {"X1x22": ['"X1x22"'], "x" * 40 + "!": []}


def test_a_pattern_reports_as_the_specification_says(folder: Path) -> None:
    """Focus node, path, value, message, severity, shape and component, with blank nodes and IRIs as values."""
    domain = read_with(
        folder,
        'shape:Light-seen a sh:PropertyShape ; sh:path lh:seen ; sh:pattern "^x:A" , "b$" ; sh:flags "i" ; '
        "sh:severity sh:Warning . shape:Light sh:property shape:Light-seen .",
    )
    values: list[NamedNode | Literal | BlankNode] = [
        NamedNode("x:ab"),
        NamedNode("x:ac"),
        Literal("X:AB\n"),
        Literal("x:AbB"),
        BlankNode("n"),
    ]
    report = report_on(domain, LH + "seen", *values)
    found = [result for result in report.results if result.source_shape == SHAPE + "Light-seen"]
    assert {(result.value, result.component, result.path) for result in found} == {
        (value, "http://www.w3.org/ns/shacl#PatternConstraintComponent", LH + "seen")
        for value in (values[1], values[2], values[4])
    }
    assert {(result.focus_node, str(result.severity)) for result in found} == {(LIGHT, "Warning")}
    assert all(re.match(r"The value does not match (\^x:A|b\$)\.", result.message) for result in found)


@pytest.mark.slow
def test_a_pattern_on_a_node_shape(folder: Path) -> None:
    domain = read_with(
        folder, 'shape:Light sh:pattern "^(https?://[a-z]+)+/$" ; sh:message "An odd address." .'
    )
    found = [result for result in report_on(domain, LH + "on").results if result.message == "An odd address."]
    assert [(result.focus_node, result.value, result.path) for result in found] == [(LIGHT, LIGHT, None)]


def test_other_users_of_the_validator_keep_their_patterns(folder: Path) -> None:
    import pyshacl
    import rdflib

    report_on(read_domain(folder), LH + "range", Literal("a"))
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <x:s> a sh:NodeShape ; sh:targetNode 'ab' ; sh:pattern "
    )
    for pattern, conforms in (("(?=ab)", True), ("(?=b)c", False)):
        graph = rdflib.Graph().parse(data=f"{shapes} '{pattern}' .", format="turtle")
        assert pyshacl.validate(rdflib.Graph(), shacl_graph=graph)[0] == conforms


# ---- the dialect
# -------------------------------------------------------------------------------------------------------------

TAKEN: list[tuple[str, str, list[str], list[str]]] = [
    (r"^\p{L}+$", "", ["é"], ["1"]),
    ("^[a-z-[aeiou]]$", "", ["b"], ["e"]),
    ("^[^a-z-[0-9]]$", "", ["A"], ["a", "1"]),
    (r"^\i\c*$", "", ["a1", "_", ":"], ["1"]),
    (r"^[\w-]+$", "", ["a-b"], ["a b", "a.b"]),
    (r"^\s$", "", ["\t", "\r"], ["\u00a0"]),
    (r"^\d$", "", ["7", "\u0667"], ["x"]),
    ("^[-a]$", "", ["-", "a"], ["b"]),
    ("^[a-]$", "", ["-", "a"], ["b"]),
    ("^[a&&b~~|]$", "", ["&", "~", "|", "a"], ["c"]),
    ("^[!-/]$", "", ["-", "+"], ["0"]),
    (r"^[\]\[\\]$", "", ["]", "[", "\\"], ["a"]),
    ("a b", "x", ["ab"], ["a b"]),
    ("a[ ]b", "x", ["a b"], ["ab"]),
    ("#", "x", ["#"], ["a"]),
    ("a.b <#", "q", ["a.b <#"], ["acb <#"]),
    (r"\u0041", "q", [r"\u0041"], ["A"]),
    (r"^\\u0022$", "", [r"\u0022"], ['"']),
    ("A", "i", ["a"], ["b"]),
    ("^b", "m", ["a\nb"], ["ab"]),
    ("a.b", "s", ["a\nb"], ["ab"]),
    ("a.b", "", ["axb"], ["a\nb"]),
    ("a$", "", ["a"], ["a\n"]),
    ("a*?b+?", "", ["b"], ["a"]),
    ("^(?:ab){2,3}$", "", ["abab"], ["ab"]),
    ("", "", ["", "x"], []),
    ("x.y", "", ["x\0y", "x\ufffey"], ["xy"]),
]


@pytest.mark.parametrize(("source", "flags", "yes", "no"), TAKEN)
def test_patterns_are_those_of_xpath(source: str, flags: str, yes: list[str], no: list[str]) -> None:
    pattern = parse_value_pattern(source, flags)
    assert [text for text in yes if not pattern.matches(text)] == []
    assert [text for text in no if pattern.matches(text)] == []
    assert pattern.matching([*yes, *no]) == set(yes)


REFUSED = [
    *r"(a)\1 a{ ] } a{,2} (?i)a a*+ a** + *a ^* |* [[:alpha:]] \p{IsGreek} \p{Greek} \pL \bfoo \A \z \x41 \/ \_".split(),
    *r"( ) [ [] [^] [a [z-a] [a--b] [a-b-c] a{3,2} (?=a) (?P<n>a) (?<n>a) (?#a) [a-[b-[c]] [a-[b]c] \ [\b]".split(),
    "(a{1000}){1000}",
    "(" * 300 + ")" * 300,
    "[a-" * 50 + "[a]" + "]" * 50,
    "a" * 2001,
]


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_no_pattern_of_xpath_is_refused(source: str) -> None:
    with pytest.raises(PatternError):
        parse_value_pattern(source)


def test_unknown_flags_are_refused() -> None:
    with pytest.raises(PatternError, match="unknown flag 'g'"):
        parse_value_pattern("a", "ig")


@given(st.text("ab\\[](){}*+?|^.-,012pLsSdDwWiIcC&~:<>", max_size=20), st.text("ab1-[]:", max_size=12))
def test_any_text_is_a_pattern_or_refused(source: str, text: str) -> None:
    """What is taken means the same in another engine, but for what that engine lacks."""
    try:
        pattern = parse_value_pattern(source)
    except PatternError:
        return
    found = pattern.matches(text)
    if not re.search(r"\\[pPiIcCsSwWdD]|-\[", source):
        assert found == bool(re.search(source, text))


def test_patterns_of_the_bundled_domain_mean_what_they_meant(domain: Domain) -> None:
    texts = [
        "1996",
        "1996-01-01",
        "199X",
        "en-GB",
        "https://a.example/b",
        "978-0-306-40615-7",
        "1234-5678",
        "AB12C",
        "",
    ]
    constraints = [one for shape in domain.shapes.shapes.values() for one in shape.constraints]
    sources = {one.text("pattern") for one in constraints} - {""}
    patterns = {parse_value_pattern(source) for source in sources}
    assert len(patterns) > 5
    for pattern in patterns:
        assert pattern.matching(texts) == {text for text in texts if re.search(pattern.source, text)}


# ---- expressions that never go back, against the engine

STEPS = st.sampled_from(
    ["a", "b", "#", r"\.", r"\n", "-", "[ab]", "[^#]", "[^a]", r"[\r\n]", "[0-9a]", "[^ab.]"]
)
TIMES = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "{2,3}"])


@st.composite
def rows_of_steps(draw: st.DrawFn) -> str:
    steps = draw(st.lists(st.tuples(STEPS, TIMES), min_size=1, max_size=5))
    row = "".join(map("".join, steps))
    return f"{draw(st.sampled_from(['', '^']))}{row}{draw(st.sampled_from(['', '$']))}"


@pytest.mark.slow
@given(rows_of_steps(), st.lists(st.text("ab#.-\n\r0é", max_size=10), min_size=1, max_size=8))
def test_what_python_matches_is_what_the_engine_matches(source: str, texts: list[str]) -> None:
    pattern = parse_value_pattern(source)
    assert pattern.matching(texts) == pattern.matching_by_engine(texts)
    assert {text for text in texts if pattern.matches(text)} == pattern.matching_by_engine(texts)


@pytest.mark.parametrize(("source", "flags", "yes", "no"), TAKEN)
def test_the_engine_and_python_agree_on_what_is_taken(
    source: str, flags: str, yes: list[str], no: list[str]
) -> None:
    assert parse_value_pattern(source, flags).matching_by_engine([*yes, *no]) == set(yes)


DIRECT = {
    "#char=[0-9]+,[0-9]+$": "#char=1" * 40_000,
    "#statement-[0-9a-f]{16}$": "#statement-" * 40_000,
    "^[0-9a-f]{64}$": "a" * 400_000,
    "^[^#]+$": "a" * 400_000 + "#",
    r"[\r\n]": "a" * 400_000,
    "^-?[0-9]{4,}$": "1" * 400_000 + "a",
    "^a*b?c+$": "a" * 400_000,
}


@pytest.mark.parametrize("source", DIRECT)
def test_what_python_matches_takes_linear_time(source: str) -> None:
    assert deterministic(source) is not None
    start = time.process_time()
    assert not parse_value_pattern(source).matches(DIRECT[source])
    assert time.process_time() - start < 0.5


GOES_BACK = r"a+a a*b?a (a) a|b ab+ba a+ [0-9]+$ [^#]+ [^a]+[^b] a?ab a{3,2} [b-a] a{0} a{600} (a+)+$ . \d \s é".split()


@pytest.mark.parametrize("source", [*GOES_BACK, *SLOW])
def test_what_may_go_back_is_left_to_the_engine(source: str) -> None:
    assert deterministic(source) is None
