"""The linter: all that is wrong with small broken domains, by kind, each where it stands; and no false alarm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sampled import mostly_slow

from lodkit.cli.check import problems_of
from lodkit.cli.problems import problems_github, problems_sarif
from lodkit.domain import read_domain
from lodkit.errors import DomainError
from lodkit.lint import CHECKS, Level, checked_graph, lint_domain, lint_shapes
from lodkit.lint.bindings import unbound
from lodkit.sparql.tokens import significant
from lodkit.spelling import nearest

HERE = Path(__file__).parent
LIGHTS = HERE / "second_domain"
FILE = HERE / "check" / "cases.toml"
KINDS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
SAID = HERE / "check" / "says.txt"
SAYS = dict(
    re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", SAID.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
"""What is said, by kind and name."""

CASES = [(kind, name) for kind, cases in KINDS.items() for name in cases]
SCHEMA = json.loads((HERE / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
LEAST = 3


def broken(kind: str, name: str, folder: Path) -> Path:
    shutil.copytree(LIGHTS, folder / "domain", ignore=shutil.ignore_patterns("articles"))
    for file, old, new in KINDS[kind][name]["edits"]:
        path = folder / "domain" / file
        text = path.read_text(encoding="utf-8")
        assert not old or text.count(old) == 1, old
        path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
    return folder / "domain"


def said(kind: str, name: str, folder: Path) -> list[str]:
    try:
        _, problems = problems_of(
            broken(kind, name, folder), with_style=KINDS[kind][name].get("style", False)
        )
    except DomainError as error:
        return [f"{kind}: {one}" for one in (error, *error.others)]
    return [f"{problem.kind}: {problem.error}" for problem in problems]


@pytest.mark.parametrize(("kind", "name"), mostly_slow(CASES, 50))
def test_all_that_is_wrong_is_said(kind: str, name: str, tmp_path: Path) -> None:
    found = "\n".join(said(kind, name, tmp_path))
    if os.environ.get("LODKIT_REWRITE_GOLDENS"):
        SAYS[f"{kind}.{name}"] = f"{found}\n"
        SAID.write_text(
            "".join(f"## {key}\n{text.strip()}\n" for key, text in SAYS.items()), encoding="utf-8"
        )
    assert found == SAYS[f"{kind}.{name}"].strip()


def test_there_are_cases_of_every_kind() -> None:
    kinds = {check.kind for check in CHECKS} | {"canned-query", "example", "broken-domain"}
    assert kinds == KINDS.keys()
    assert all(len(cases) >= LEAST for cases in KINDS.values())
    assert SAYS.keys() == {f"{kind}.{name}" for kind, name in CASES}
    silent = {key for key, text in SAYS.items() if f"{key.partition('.')[0]}: " not in text}
    assert silent == {"undocumented.not-asked-for", "nameless.not-asked-for"}


def test_every_problem_has_file_line_and_column() -> None:
    for line in "".join(SAYS.values()).split("\n"):
        assert not line or re.match(r"[\w-]+: (ontology|shapes|queries)/[\w.]+:\d+:\d+: ", line), line


@pytest.mark.slow
@pytest.mark.parametrize("folder", [None, LIGHTS, HERE / "validate" / "domain"], ids=str)
def test_no_false_alarm(folder: Path | None) -> None:
    if folder is not None and not (folder / "queries").is_dir():
        domain = read_domain(folder)
        checked = checked_graph(domain.graph, domain.compact, domain)
        assert [str(problem.error) for problem in lint_domain(checked, with_style=True)] == []
        return
    _, problems = problems_of(folder, with_style=True)
    assert [str(problem.error) for problem in problems] == []


def test_style_is_asked_for() -> None:
    assert [check.kind for check in CHECKS if check.level is Level.INFO] == ["undocumented", "nameless"]
    domain = read_domain(LIGHTS)
    assert lint_shapes(domain, with_style=False) == lint_shapes(domain) == []


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lodkit", "check", *words], cwd=folder, capture_output=True, encoding="utf-8"
    )


@pytest.mark.slow
def test_formats(tmp_path: Path) -> None:
    broken("misspelt-term", "several-at-once", tmp_path)
    text = run("--domain", "domain", folder=tmp_path)
    assert text.returncode == 1
    assert "shapes/lighthouse.ttl:28:107: sh:maxInclusiv:" in text.stdout
    log = json.loads(run("--domain", "domain", "--format", "sarif", folder=tmp_path).stdout)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    places = [one["locations"][0]["physicalLocation"] for one in log["runs"][0]["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {
        "domain/ontology/lexicon.ttl",
        "domain/ontology/lighthouse.ttl",
        "domain/shapes/lighthouse.ttl",
    }
    assert all(place["region"].keys() == {"startLine", "startColumn"} for place in places)
    github = run("--domain", "domain", "--format", "github", folder=tmp_path).stdout
    assert github.count("::error file=domain/") == len(places)
    data = json.loads(run("--domain", "domain", "--json", folder=tmp_path).stdout)
    assert {problem["kind"] for problem in data["problems"]} == {"misspelt-term"}
    assert all(problem["line"] and problem["column"] for problem in data["problems"])


@pytest.mark.slow
def test_fail_on(tmp_path: Path) -> None:
    broken("undocumented", "message", tmp_path)
    style = ("--domain", "domain", "--style")
    assert [run(*style, *more, folder=tmp_path).returncode for more in ((), ("--fail-on", "warning"))] == [
        1,
        0,
    ]
    assert run("--domain", "domain", folder=tmp_path).returncode == 0


def test_no_problems_are_a_log_too() -> None:
    log = json.loads(problems_sarif([], LIGHTS))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    assert log["runs"][0]["results"] == []
    assert problems_github([], LIGHTS) == ""


SELECTS = {
    "SELECT ?a { ?a ?b ?c }": "",
    "SELECT ?a ?d { ?a ?b ?c }": "d",
    "SELECT * { ?a ?b ?c }": "",
    "SELECT (?a AS ?x) ?y { ?a ?b ?c }": "y",
    "SELECT ?x { ?a ?b ?c BIND(?a AS ?x) }": "",
    "SELECT ?x { BIND(?x AS ?y) }": "x",
    "SELECT ?x { VALUES (?x ?y) { (1 2) } }": "",
    "SELECT ?x { ?a ?b ?c FILTER(?x = 1) }": "x",
    "SELECT ?x { ?a ?b ?c FILTER EXISTS { ?x ?b ?c } }": "x",
    "SELECT ?x { ?a ?b ?c FILTER NOT EXISTS { ?x ?b ?c } }": "x",
    "SELECT ?x { ?a ?b ?c MINUS { ?x ?b ?c } }": "x",
    "SELECT ?x { ?a ?b ?c OPTIONAL { ?x ?b ?c } }": "",
    "SELECT ?x { { ?x ?b 1 } UNION { ?a ?b 2 } }": "",
    "SELECT ?g { GRAPH ?g { ?a ?b ?c } }": "",
    "SELECT ?x { { SELECT ?x { ?x ?b ?c } } }": "",
    "SELECT ?x (COUNT(?a) AS ?n) { ?a ?b ?x } GROUP BY ?x": "",
    "SELECT ?y (COUNT(?a) AS ?n) { ?a ?b ?x } GROUP BY (STR(?x) AS ?y)": "",
    "SELECT ?x { ?a ?b ?c } ORDER BY ?x": "x",
    "SELECT DISTINCT ?x ?x { ?a ?b ?c }": "x",
    "SELECT ?x { ?a ?b ?c FILTER regex(?x, 'a') }": "x",
    "SELECT ?x { ?a ?b ?c FILTER(EXISTS { ?x ?b ?c }) ?x ?d ?e }": "",
}


@pytest.mark.parametrize("text", SELECTS)
def test_variables_that_nothing_binds(text: str) -> None:
    assert [token.text[1:] for token in unbound(significant(text), ())] == SELECTS[text].split()


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=5))
def test_the_nearest_is_one_of_them(word: str, known: list[str]) -> None:
    assert nearest(word, known) in (None, *known)
