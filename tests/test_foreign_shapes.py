"""Shapes and data that are not lodkit's own, as people bring them: verdicts that were false before, by
their kind.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse
from tests.sampled import mostly_slow

from lodkit.cli import main
from lodkit.domain import read_domain
from lodkit.errors import DomainError
from lodkit.validate import Report, render, validate

HEADER = """
@prefix ex: <https://example.org/v#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLUB = "ex:S a sh:NodeShape ; sh:targetClass ex:Club ; "
YEAR = 'sh:property [ sh:path ex:year ; sh:minCount 1 ; sh:message "a club needs a year" ] .'
LED = (
    'ex:S a sh:NodeShape ; sh:targetClass ex:Club ; sh:sparql [ sh:message "led by nobody" ; sh:prefixes <x:o> ; '
    'sh:select "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:head ?h } }" ] .'
)
DECLARED = 'sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/v#" ]'


class Case(NamedTuple):
    """Data, shapes, ontology, the nodes that break a shape, how many nodes were checked, and words of the
    report.
    """

    data: str
    shapes: str
    broken: str
    checked: int
    words: str = ""
    ontology: str = ""


def pattern(text: str, flags: str = "") -> str:
    return CLUB + f'sh:property [ sh:path ex:name ; sh:pattern "{text}" ; sh:flags "{flags}" ] .'


CASES = {
    "a subclass that the data declare": Case(
        "ex:ChessClub rdfs:subClassOf ex:Club . ex:a a ex:ChessClub . ex:b a ex:Club ; ex:year 1 .",
        CLUB + YEAR, "ex:a", 2,
    ),
    "a subclass by way of the data and the ontology": Case(
        "ex:Blitz rdfs:subClassOf ex:ChessClub . ex:a a ex:Blitz .", CLUB + YEAR, "ex:a", 1, "",
        "ex:ChessClub rdfs:subClassOf ex:Club .",
    ),
    "a subclass of several, in a circle": Case(
        "ex:A rdfs:subClassOf ex:B, ex:Club . ex:B rdfs:subClassOf ex:A . ex:a a ex:B .", CLUB + YEAR, "ex:a", 1
    ),
    "a class that is a shape": Case(
        "ex:a a ex:Choir .", "ex:Choir a rdfs:Class, sh:NodeShape ; " + YEAR, "ex:a", 1
    ),
    "a class of OWL that is a shape": Case(
        "ex:a a ex:Choir .", "ex:Choir a owl:Class, sh:NodeShape ; " + YEAR, "ex:a", 1
    ),
    "a class of a metaclass that is a shape": Case(
        "ex:a a ex:Boys . ex:Boys rdfs:subClassOf ex:Choir .", "ex:Choir a ex:Kind, sh:NodeShape ; " + YEAR, "ex:a", 1,
        "", "ex:Kind rdfs:subClassOf ex:Meta . ex:Meta rdfs:subClassOf rdfs:Class .",
    ),
    "bounds of years": Case(
        'ex:a a ex:Club ; ex:year "1996"^^xsd:gYear . ex:b a ex:Club ; ex:year "0800"^^xsd:gYear . '
        'ex:c a ex:Club ; ex:year "2031"^^xsd:gYear . ex:d a ex:Club ; ex:year "-0044"^^xsd:gYear .',
        CLUB + 'sh:property [ sh:path ex:year ; sh:minInclusive "1500"^^xsd:gYear ; sh:maxInclusive "2030"^^xsd:gYear ] .',
        "ex:b ex:c ex:d", 4,
    ),
    "bounds of days before our era": Case(
        'ex:a a ex:Club ; ex:day "-0043-03-15"^^xsd:date . ex:b a ex:Club ; ex:day "-0045-03-15"^^xsd:date .',
        CLUB + 'sh:property [ sh:path ex:day ; sh:minExclusive "-0044-01-01"^^xsd:date ] .', "ex:b", 2,
    ),
    "well-formed years that Python lacks": Case(
        'ex:a ex:date "12020-01-01"^^xsd:date . ex:b ex:date "0000-01-01"^^xsd:date . '
        'ex:c ex:date "2021-02-29"^^xsd:date . ex:d ex:date "2020-01-01 "^^xsd:date .',
        "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:date ; sh:property [ sh:path ex:date ; sh:datatype xsd:date ] .",
        "ex:c ex:d", 4,
    ),
    "a letter of any script": Case(
        'ex:a a ex:Club ; ex:name "Ångbåt" . ex:b a ex:Club ; ex:name "ångbåt" . ex:c a ex:Club ; ex:name "Ωμέγα" .',
        pattern(r"^\\p{Lu}\\p{L}+$"), "ex:b", 3, r"(pattern: ^\p{Lu}\p{L}+$)",
    ),
    "flags, subtraction and names of XML": Case(
        'ex:a a ex:Club ; ex:name "B1" . ex:b a ex:Club ; ex:name "E1" . ex:c a ex:Club ; ex:name "1B" .',
        pattern(r"^[a-z-[aeiou]] \\c+ $", "ix"), "ex:b ex:c", 3,
    ),
    "a nested shape says why": Case(
        "ex:a a ex:Club ; ex:head ex:b .",
        CLUB + "sh:property [ sh:path ex:head ; sh:node ex:H ] . "
        'ex:H a sh:NodeShape ; sh:property [ sh:path ex:born ; sh:minCount 1 ; sh:message "a head was born" ] .',
        "ex:a", 1, "because ex:b ex:born: a head was born (minCount)",
    ),
    "two nested shapes say why": Case(
        "ex:a a ex:Club ; ex:head ex:b . ex:b ex:of ex:c .",
        CLUB + "sh:property [ sh:path ex:head ; sh:node ex:H ] . "
        "ex:H a sh:NodeShape ; sh:property [ sh:path ex:of ; sh:and ( [ sh:node ex:P ] ) ] . "
        'ex:P a sh:NodeShape ; sh:property [ sh:path ex:seat ; sh:hasValue 1 ; sh:message "no seat" ] .',
        "ex:a", 1, "because ex:c ex:seat: no seat (hasValue)",
    ),
    "prefixes of an imported ontology": Case(
        "ex:a a ex:Club .", LED, "ex:a", 1, "led by nobody",
        f"<x:o> a owl:Ontology ; owl:imports <x:far> . <x:far> a owl:Ontology ; {DECLARED} .",
    ),
    "a misspelt class": Case(
        "ex:a a ex:Club ; ex:year 1 ; ex:head ex:b . ex:b a ex:Persn .",
        CLUB + "sh:property [ sh:path ex:head ; sh:minCount 1 ] , [ sh:path ex:year ; sh:maxCount 1 ] . "
        "ex:T a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:born ; sh:minCount 1 ] .",
        "", 1, "1 node that no shape looked at: ex:b\ninfo: 1 shape found no node: ex:T",
    ),
    "a misspelt property": Case(
        "ex:a a ex:Club ; ex:yaer 1 . ex:b a ex:Club ; ex:yaer 2 .",
        CLUB + "sh:property [ sh:path ex:year ; sh:maxCount 1 ] .",
        "", 2, "1 property that no shape knows: ex:yaer of 2 nodes such as ex:a",
    ),
    "the triple that made a focus node": Case(
        "ex:a ex:head ex:b .", "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:head ; sh:class ex:Person .",
        "ex:b", 1, "looked at because of ex:a ex:head ex:b",
    ),
    "the triple that made a literal a focus node": Case(
        'ex:a ex:head "B" .', "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:head ; sh:nodeKind sh:IRI .",
        '"B"', 1, 'looked at because of ex:a ex:head "B"',
    ),
}  # fmt: skip


def write_domain(folder: Path, shapes: str, ontology: str = "") -> Path:
    for part, text in (("ontology", ontology), ("shapes", shapes)):
        (folder / part).mkdir(parents=True)
        (folder / part / "all.ttl").write_text(HEADER + text + "\n", "utf-8")
    (folder / "queries").mkdir()
    return folder


def report_on(case: Case, folder: Path) -> Report:
    domain = read_domain(write_domain(folder, case.shapes, case.ontology))
    quads = list(parse((HEADER + case.data).encode(), RdfFormat.TURTLE))
    return validate(quads, domain, evidence=True, is_foreign=True)


@pytest.mark.parametrize("name", mostly_slow(CASES))
def test_foreign_data_get_the_verdict_of_the_specification(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    report = report_on(case, tmp_path / "domain")
    assert {report.term(result.focus_node) for result in report.results} == set(case.broken.split())
    assert report.focus_nodes == case.checked
    assert case.words in render(report)


REFUSED = {
    "a prefix that nothing declares": (LED, "", "prefix ex: is not declared by x:o"),
    "a prefix of an ontology that is not at hand": (
        LED, "<x:o> a owl:Ontology .", "prefix ex: is not declared by x:o"
    ),
    "a broken pattern": (pattern(r"(\\p{L}"), "", "sh:pattern is not a regular expression"),
    "a pattern that looks back": (pattern(r"(a)\\1"), "", "refers back"),
    "JavaScript": (CLUB + "sh:js [ sh:jsFunctionName 'f' ] .", "", "sh:js is not taken"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_shapes_that_cannot_be_used_are_an_error_at_file_and_line(name: str, tmp_path: Path) -> None:
    shapes, ontology, message = REFUSED[name]
    with pytest.raises(DomainError, match=message) as caught:
        read_domain(write_domain(tmp_path, shapes, ontology))
    assert (caught.value.file, caught.value.line) == ("shapes/all.ttl", 8)


def test_all_errors_of_a_domain_are_told_in_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = (
        'ex:A sh:targetClass "x" .\nex:B sh:in ex:x .\nex:C a sh:PropertyShape .\nex:D sh:pattern "(" .\n'
        'ex:E sh:sparql [ sh:select "SELECT $this { MINUS { } }" ] .'
    )
    folder = write_domain(tmp_path, shapes)
    (tmp_path / "data.ttl").write_text(HEADER + "ex:a a ex:Club .", "utf-8")
    code = main(["--domain", str(folder), "validate", str(tmp_path / "data.ttl")])
    lines = capsys.readouterr().err.splitlines()
    assert code == 3
    assert [line.split(": ")[2] for line in lines] == [f"shapes/all.ttl:{number}" for number in range(8, 13)]


ADVANCED = CLUB + (
    "sh:property [ sh:path ex:flag ; sh:minCount 1 ] ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ; "
    "sh:predicate ex:flag ; sh:object true ] ."
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "code", "said"),
    [
        ("best", 0, "the shapes use sh:rule (SHACL-AF): pySHACL validated"),
        ("pyshacl", 0, "the shapes use sh:rule (SHACL-AF): pySHACL validated"),
        ("lodkit", 1, "the shapes use sh:rule, which was passed over"),
    ],
)
def test_advanced_features_are_done_by_pyshacl_and_said(
    engine: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_domain(tmp_path / "domain", ADVANCED)
    (tmp_path / "data.ttl").write_text(HEADER + "ex:a a ex:Club .", "utf-8")
    arguments = ["--domain", str(folder), "validate", str(tmp_path / "data.ttl"), "--engine", engine]
    assert main(arguments) == code
    assert said in capsys.readouterr().err


NAMELESS = {
    "within one with a name": (CLUB + "sh:node [ sh:class ex:D ] .", "the shape within ex:S."),
    "within one within one": (
        CLUB + "sh:node [ sh:not [ sh:node [ sh:class ex:E ] ] ; sh:node [ sh:class ex:D ] ] .",
        "the shape within ex:S.",
    ),
    "that must not be": (CLUB + "sh:not [ sh:class ex:Club ] .", "the shape within ex:S, which it may not."),
    "within one without a name": (
        "[] a sh:NodeShape ; sh:targetClass ex:Club ; sh:node [ sh:class ex:D ] .",
        f"the shape at shapes/all.ttl:{HEADER.count(chr(10)) + 1}.",
    ),
    "with a target": (
        "[] a sh:NodeShape ; sh:targetClass ex:Club ; sh:class ex:D .",
        f"a shape at shapes/all.ttl:{HEADER.count(chr(10)) + 1} (class: ex:D)",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMELESS)
def test_shapes_without_names_are_told_by_their_place(name: str, tmp_path: Path) -> None:
    """Their labels are no words of whoever wrote them."""
    shapes, words = NAMELESS[name]
    said = render(report_on(Case("ex:a a ex:Club .", shapes, "ex:a", 1), tmp_path / "d"))
    assert words in said
    assert not re.search(r"\bs?[0-9]*_b[0-9]", said), said


@pytest.mark.slow
def test_a_node_of_the_data_without_a_name_keeps_its_label(tmp_path: Path) -> None:
    query = 'sh:sparql [ sh:message "odd: {?value}" ; sh:select "SELECT $this ?value { $this ?p ?value }" ] .'
    shapes = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:head ; " + query
    assert "odd: x" in render(report_on(Case("ex:a ex:head _:x .", shapes, "ex:a", 1), tmp_path / "d"))
