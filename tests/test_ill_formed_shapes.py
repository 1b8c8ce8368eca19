"""Shapes that break a syntax rule of SHACL, as data: each is refused with all that is wrong with it, and what is no
fault of them is said.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from lodkit import cli
from lodkit.domain import DomainGraph, graph_of_files, passed_over, shapes_only
from lodkit.errors import DomainError

FILE = Path(__file__).parent / "foreign" / "ill-formed.toml"
CASES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
PREFIXES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e/> ."
    " @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
CLASS = "ex:S a sh:NodeShape ; sh:targetClass ex:C"


def graph(*texts: str) -> DomainGraph:
    files = [(f"{number}.ttl", PREFIXES + text) for number, text in enumerate(texts)]
    return graph_of_files((name, text, list(parse(text, RdfFormat.TURTLE))) for name, text in files)


def faults(*texts: str) -> list[str]:
    with pytest.raises(DomainError) as caught:
        shapes_only(graph(*texts))
    return [str(one) for one in (caught.value, *caught.value.others)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_what_breaks_a_rule_is_refused(case: dict[str, Any]) -> None:
    assert sorted(faults(case["shapes"])) == sorted(
        case["says"].replace("x.ttl", "0.ttl").strip().split("\n")
    )


@pytest.mark.parametrize("form", ["jsonld", "rdf"])
@pytest.mark.parametrize("case", CASES[::9], ids=lambda case: str(case["name"]))
def test_so_it_is_in_other_formats(
    case: dict[str, Any], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the lines, which those formats do not have."""
    file, data = tmp_path / f"s.{form}", tmp_path / "d.nt"
    parser = {"jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}[form]
    file.write_bytes(serialize(parse(PREFIXES + case["shapes"], RdfFormat.TURTLE), format=parser) or b"")
    data.write_text("<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n")
    assert cli.main(["validate", str(data), "--shapes", str(file)]) == 3
    said = capsys.readouterr().err
    for line in case["says"].strip().split("\n"):
        assert line.partition(": ")[2] in said


MANY = (
    "ex:A sh:targetClass ex:C ; sh:minCount 1 .",
    "ex:B sh:targetClass ex:C ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .",
    "ex:D sh:targetClas ex:C ; sh:property [ sh:path () ] .",
)


def test_all_faults_of_all_files_are_told_at_once() -> None:
    """A list without an end hides none of the others."""
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    found = "\n".join(faults(*(rdf + text for text in MANY)))
    for words in (
        "0.ttl:3: http://e/A: sh:minCount without",
        "1.ttl:3: list without an end",
        "1.ttl:3: http://e/B: sh:in is not a list",
        "2.ttl:3: sh:targetClas: not a term",
        "2.ttl:3: http://e/D: sh:path is not a path",
    ):
        assert words in found


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        ("_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:a .", 1),
        ("_:a rdf:first 1 ; rdf:rest _:a . _:b rdf:first 2 ; rdf:rest _:b .", 2),
        (
            "_:a rdf:first 1 ; rdf:rest _:b . _:b rdf:first 2 ; rdf:rest _:c . _:c rdf:first 3 ; rdf:rest _:b .",
            1,
        ),
    ],
)
def test_each_list_without_an_end_is_told_once(cells: str, count: int) -> None:
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    found = faults(f"{rdf}{CLASS} . {cells}")
    assert sum("list without an end" in one for one in found) == count


PASSED_OVER = {
    "; sh:memberShape ex:T": ["sh:memberShape of ex:S, no term of SHACL core or SHACL-SPARQL"],
    "; sh:property [ sh:path ex:p ; sh:flags 'i' ]": ["sh:flags of ex:S, without sh:pattern"],
    "; sh:ignoredProperties ( ex:p )": ["sh:ignoredProperties of ex:S, without sh:closed"],
    "; sh:property [ sh:path ex:p ; sh:qualifiedMaxCount 2 ]": [
        "sh:qualifiedMaxCount of ex:S, without sh:qualifiedValueShape"
    ],
    "; sh:closed true ; sh:ignoredProperties ( ex:p )": [],
    "; sh:name 'S' ; sh:order 1 ; sh:group ex:G ; sh:defaultValue 5": [],
}


@pytest.mark.parametrize("text", PASSED_OVER)
def test_what_has_no_effect_is_said(text: str) -> None:
    domain = shapes_only(graph(f"{CLASS} {text} ."))
    assert list(passed_over(domain)) == PASSED_OVER[text]


def test_data_beside_the_shapes_may_use_any_term() -> None:
    shapes_only(graph(f"{CLASS} ; sh:class ex:D . ex:a ex:p 1 ; sh:targetClas ex:b ."))


@pytest.mark.parametrize(
    "chain",
    [
        "sh:node ex:S",
        "sh:property ex:P . ex:P sh:path ex:p ; sh:node ex:S",
        "sh:not ex:S",
        "sh:and ( ex:S )",
        "sh:or ( [ sh:class ex:D ] ex:T ) . ex:T sh:xone ( ex:S )",
        "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:S ]",
        "sh:not [ sh:and ( [ sh:or ( ex:S ) ] ) ]",
    ],
)
def test_shapes_that_lead_back_to_themselves_are_refused(chain: str) -> None:
    [said] = faults(f"{CLASS} ; {chain} .")
    assert "recursive shapes are not taken" in said
    assert "_:" not in said
