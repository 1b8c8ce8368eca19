"""Reports in every format: golden ones of broken articles, checked against the schemas of others, and never a
control sequence or a broken escape, whatever data say.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from tests.sampled import mostly_slow

import lodkit
from lodkit.build import build_article
from lodkit.cli.inputs import DataSet
from lodkit.cli.validate import Asked, Work, check_set
from lodkit.domain.shapes import Inverse, Predicate, Steps
from lodkit.errors import InputError
from lodkit.source import read_article
from lodkit.statement import BASE
from lodkit.validate import Report, Result, ResultPlace, Severity
from lodkit.validate.report import SH
from lodkit.validate.reports import (
    REPORT_FORMATS,
    Run,
    Source,
    Validated,
    artifact_uri,
    capped,
    grouped,
    write_report,
)

from .reports.plant import CASES

if TYPE_CHECKING:
    from lodkit.domain import Domain

HERE = Path(__file__).parent
GOLDEN = HERE / "reports"
ENDINGS = {
    "text": "report.txt",
    "json": "report.json",
    "turtle": "report.ttl",
    "sarif": "report.sarif",
    "junit": "report.xml",
    "github": "report.github",
    "html": "report.html",
}
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
SARIF = json.loads((HERE / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
PROPERTY = "sh:PropertyConstraintComponent"
"""The one component that has no results of its own: those of its property shape stand for it."""


@cache
def junit_schema() -> Any:
    return etree.XMLSchema(etree.parse(str(HERE / "schemas" / "JUnit.xsd")))


def check_sarif(text: str) -> Any:
    log = json.loads(text)
    jsonschema.Draft4Validator(SARIF).validate(log)
    return log


def check_junit(text: str) -> Any:
    document = etree.fromstring(text.encode("utf-8"))
    junit_schema().assertValid(document)
    return document


def check_html(text: str) -> None:
    """A page on its own: elements closed in their order, no script, nothing loaded."""
    opened: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in {"script", "link", "img", "iframe", "object", "embed"}
            assert not {name for name, _ in attrs} & {"src", "href", "onclick", "onload"}
            if tag != "meta":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    page = Page()
    page.feed(text)
    page.close()
    assert opened == []
    assert "@import" not in text
    assert "url(" not in text


def check_github(text: str) -> None:
    for line in text.splitlines():
        assert re.fullmatch(r"::(error|warning|notice)( \w+=[^:,\r\n]*(,\w+=[^:,\r\n]*)*)?::[^\r\n]*", line)


def check_turtle(text: str) -> None:
    list(parse(text.encode(), RdfFormat.TURTLE))


CHECKS: dict[str, Any] = {
    "text": str,
    "json": json.loads,
    "turtle": check_turtle,
    "sarif": check_sarif,
    "junit": check_junit,
    "github": check_github,
    "html": check_html,
}


# ---- broken articles ----


def files_of(name: str) -> tuple[str, list[str]]:
    """What is validated of a case, and the articles beside it."""
    return ("data.trig", ["article.txt"]) if (GOLDEN / name / "data.trig").is_file() else ("article.txt", [])


@pytest.mark.parametrize("name", mostly_slow(CASES))
def test_golden(name: str, domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / name)
    file, texts = files_of(name)
    built = [build_article(text, domain) for text in texts]
    asked = Asked(None, BASE, "best", "sarif", fail_on="warning")
    one = check_set(DataSet(file, (file,)), Work(asked, domain, lambda: domain, tuple(built)), alone=True)
    run = Run((one,), asked.least, str(Path.cwd()))
    assert not run.passes
    for form, ending in ENDINGS.items():
        found = write_report(run, form).replace(f'"{lodkit.__version__}"', '"VERSION"')
        CHECKS[form](found)
        if os.environ.get("LODKIT_REWRITE_GOLDENS"):
            Path(ending).write_text(found, encoding="utf-8", newline="")
        assert found == Path(ending).read_text(encoding="utf-8"), form


@pytest.mark.slow
@pytest.mark.parametrize(("name", "form"), list(zip(list(CASES)[: len(ENDINGS)], ENDINGS, strict=True)))
def test_golden_of_the_command(name: str, form: str, tmp_path: Path) -> None:
    file, texts = files_of(name)
    beside = [word for text in texts for word in ("--article", text)]
    call = [
        sys.executable,
        "-m",
        "lodkit",
        "validate",
        file,
        *beside,
        "--fail-on",
        "warning",
        "--format",
        form,
    ]
    golden = (GOLDEN / name / ENDINGS[form]).read_text(encoding="utf-8")
    for more in ((), ("-o", str(tmp_path / "report"))):
        done = subprocess.run([*call, *more], cwd=GOLDEN / name, capture_output=True, encoding="utf-8")
        assert done.returncode == 1, done.stderr
        text = (tmp_path / "report").read_text(encoding="utf-8") if more else done.stdout
        assert text.replace(f'"{lodkit.__version__}"', '"VERSION"') == golden
        assert not more or done.stdout == ""


@pytest.mark.parametrize("name", CASES)
def test_goldens_name_line_and_column(name: str) -> None:
    text = (GOLDEN / name / "report.txt").read_text(encoding="utf-8")
    report = json.loads((GOLDEN / name / "report.json").read_text(encoding="utf-8"))
    [file] = report["files"]
    component = f"{SH}{name}ConstraintComponent"
    queue = list(file["results"])
    found = []
    while queue:
        result = queue.pop()
        assert result["places"] or "details" in result
        found += [result] if component in (result["component"], *components_within(result)) else []
    assert found, f"{name} is not violated"
    for result in found:
        place = result["places"][0]
        assert (place["line"], place["column"]) > (0, 0)
        assert f"article.txt:{place['line']}:{place['column']}: " in text


def components_within(result: dict[str, Any]) -> list[str]:
    return [
        name for detail in result["details"] for name in (detail["component"], *components_within(detail))
    ]


def test_there_is_a_broken_article_for_every_component_in_use(domain: Domain) -> None:
    used = {one.component for shape in domain.shapes.shapes.values() for one in shape.constraints}
    names = {iri.removeprefix(SH).removesuffix("ConstraintComponent") for iri in used}
    assert names - {"Property"} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_goldens_are_the_same_everywhere(name: str) -> None:
    for ending in ENDINGS.values():
        text = (GOLDEN / name / ending).read_text(encoding="utf-8")
        assert str(HERE.parent) not in text
        assert lodkit.__version__ not in text
        assert not re.search(r"\b20[2-9]\d-\d\d-\d\d\b|/tmp/|/work/|/home/", text)


# ---- made-up reports ----

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
NASTY = st.one_of(
    WORDS,
    st.sampled_from(
        [
            "\x1b[31mred",
            "a\x00b",
            "</script><script>alert(1)</script>",
            "]]>",
            "%0A::error::x",
            "a\r\nb",
            "\u202e",
        ]
    ),
)
COMPONENT = SH + "PatternConstraintComponent"
ARTICLE = "https://example.org/article/Blue_Lantern"
NODES = st.integers(0, 3).map(lambda n: NamedNode(f"https://example.org/id/{n}"))


@st.composite
def results(draw: st.DrawFn) -> Result:
    quote = draw(NASTY.filter(bool))
    place = ResultPlace(
        f"{ARTICLE}#char=3,9",
        "a.txt",
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        quote,
        "",
        f"x{quote}",
        1,
        len(quote),
        3,
    )
    node: NamedNode | BlankNode = draw(st.one_of(NODES, st.just(BlankNode("b1"))))
    return Result(
        node,
        draw(st.sampled_from([None, "https://example.org/p"])),
        draw(st.one_of(st.none(), NASTY.map(Literal))),
        draw(NASTY),
        draw(st.sampled_from(list(Severity))),
        draw(st.sampled_from(["https://example.org/shapes#A", "https://example.org/shapes#B"])),
        COMPONENT,
        label=draw(st.one_of(st.none(), NASTY)),
        places=draw(st.sampled_from([(), (place,)])),
    )


def report_of(found: tuple[Result, ...], focus_nodes: int = 3) -> Report:
    return Report(found, focus_nodes, True, {"https://example.org/shapes#A": "shape:A"})


def run_of(found: tuple[Result, ...], file: str = "a.txt") -> Run:
    return Run(
        (
            Validated(
                file, report_of(found), sources={ARTICLE: Source(file)}, lines={"https://example.org/id/1": 7}
            ),
        )
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(results(), max_size=4), NASTY.filter(bool))
@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_no_data_break_a_report(form: str, found: list[Result], file: str) -> None:
    bad = Validated(file, error=InputError(f"bad {file}", file=file))
    run = run_of(tuple(found), file)
    text = write_report(replace(run, files=(*run.files, bad)), form)
    CHECKS[form](text)
    assert not re.search("[\x00-\x08\x0b-\x1f]", text)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(results(), max_size=4))
@pytest.mark.parametrize("form", ["text", "github", "html", "junit"])
def test_text_for_people_steers_no_terminal(form: str, found: list[Result]) -> None:
    text = write_report(run_of(tuple(found)), form)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def result_of(**changes: Any) -> Result:
    node = NamedNode("https://example.org/id/1")
    usual = Result(
        node,
        "https://example.org/p",
        Literal("x"),
        "Bad.",
        Severity.VIOLATION,
        "https://example.org/shapes#A",
        COMPONENT,
    )
    return replace(usual, **changes)


MANY = tuple(result_of(value=Literal(f"v{n:05}")) for n in range(12_345))


@pytest.mark.slow
@pytest.mark.parametrize("form", REPORT_FORMATS)
def test_what_is_left_out_is_said(form: str) -> None:
    known = REPORT_FORMATS[form]
    text = write_report(run_of(MANY), form)
    CHECKS[form](text)
    shown = min(known.most_of_shape, known.most)
    assert len(set(re.findall(r"v\d{5}", text))) == shown
    assert str(len(MANY) - shown) in text
    assert str(len(MANY)) in text


def test_a_run_is_capped_in_all() -> None:
    run = Run((run_of(MANY[:30]).files[0], run_of(MANY[:30]).files[0]))
    reports = [one.report for one in capped(run, 20, 25).files if one.report]
    assert [len(one.results) for one in reports] == [20, 5]
    assert [one.counts[Severity.VIOLATION] for one in reports] == [30, 30]
    assert [sum(group.left_out.values()) for one in reports for group in grouped(one)] == [10, 25]


def test_fingerprints_stay_when_lines_move_and_others_come() -> None:
    def prints(found: tuple[Result, ...]) -> list[str]:
        log = check_sarif(write_report(run_of(found), "sarif"))
        return [one["partialFingerprints"]["lodkit/v1"] for one in log["runs"][0]["results"]]

    place = ResultPlace(f"{ARTICLE}#char=3,9", "a.txt", 2, 3, "words")
    one, moved = result_of(places=(place,)), result_of(places=(replace(place, line=40, column=1),))
    other = result_of(value=Literal("y"))
    assert prints((one,)) == prints((moved,))
    assert prints((other, one))[1] == prints((one,))[0]
    assert len(set(prints((one, other)))) == 2


def test_sarif_points_at_the_words() -> None:
    place = ResultPlace(f"{ARTICLE}#char=30,39", "a.txt", 2, 3, "two\nlines", begin=30)
    log = check_sarif(write_report(run_of((result_of(places=(place,)),), "folder/a b.txt"), "sarif"))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "folder/a%20b.txt", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 2,
            "startColumn": 3,
            "endLine": 3,
            "endColumn": 6,
            "charOffset": 30,
            "charLength": 9,
            "snippet": {"text": "two\nlines"},
        },
    }
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"


def test_sarif_without_an_article_gives_the_subject_s_line_or_none() -> None:
    found = (result_of(), result_of(focus_node=NamedNode("https://example.org/id/2")))
    log = check_sarif(write_report(run_of(found, "a.ttl"), "sarif"))
    places = [one["locations"][0]["physicalLocation"] for one in log["runs"][0]["results"]]
    assert [place.get("region") for place in places] == [{"startLine": 7}, None]


def test_of_standard_input_no_file_is_named() -> None:
    log = check_sarif(write_report(run_of((result_of(),), "-"), "sarif"))
    assert "physicalLocation" not in log["runs"][0]["results"][0]["locations"][0]
    assert "file=" not in write_report(run_of((result_of(),), "-"), "github")


@pytest.mark.parametrize("severity", Severity)
def test_levels(severity: Severity) -> None:
    run = run_of((result_of(severity=severity),))
    log = check_sarif(write_report(run, "sarif"))
    assert log["runs"][0]["results"][0]["level"] == LEVELS[severity]
    word = LEVELS[severity].replace("note", "notice")
    assert write_report(run, "github").startswith(f"::{word} ")


@pytest.mark.parametrize("fail_on", Severity)
@pytest.mark.parametrize("severity", Severity)
def test_fail_on(severity: Severity, fail_on: Severity) -> None:
    run = replace(run_of((result_of(severity=severity),)), fail_on=fail_on)
    fails = list(Severity).index(severity) <= list(Severity).index(fail_on)
    assert run.passes is not fails
    suite = check_junit(write_report(run, "junit"))[0]
    assert suite.get("failures") == str(int(fails))
    assert ("Bad." in suite.findtext("system-out")) is not fails
    assert json.loads(write_report(run, "json"))["passes"] is not fails


def test_paths_are_those_of_shacl() -> None:
    p, q = (Predicate(NamedNode(f"https://example.org/{name}")) for name in "pq")
    path = Steps((Inverse(p), q))
    text = write_report(run_of((result_of(path="(^<p>)/<q>", steps=path),)), "turtle")
    quads = list(parse(text.encode(), RdfFormat.TURTLE))
    [node] = [q.object for q in quads if q.predicate.value == SH + "resultPath"]
    assert isinstance(node, BlankNode)
    assert any(q.predicate.value == SH + "inversePath" for q in quads)


def test_one_report_in_turtle_for_each_file() -> None:
    run = run_of((result_of(severity=Severity.INFO),))
    other = replace(run.files[0], file="b.txt", report=report_of(()))
    text = write_report(replace(run, files=(*run.files, other)), "turtle")
    quads = list(parse(text.encode(), RdfFormat.TURTLE))
    conforms = [q.object.value for q in quads if q.predicate.value == SH + "conforms"]
    assert conforms == ["false", "true"]  # SHACL §3.6.1.1: an info too is a result


@pytest.mark.parametrize(
    ("file", "folder", "uri"),
    [
        ("a.ttl", "/w", "a.ttl"),
        ("/w/b/a.ttl", "/w", "b/a.ttl"),
        ("/elsewhere/a.ttl", "/w", "file:///elsewhere/a.ttl"),
        ("50% of #1?.ttl", "/w", "50%25%20of%20%231%3F.ttl"),
        ("a:b.ttl", "/w", "a%3Ab.ttl"),
        ("Ø.ttl", "/w", "%C3%98.ttl"),
        ("\udcff.ttl", "/w", "%FF.ttl"),
        ("../a.ttl", "/w", "../a.ttl"),
    ],
)
def test_uris_of_files(file: str, folder: str, uri: str) -> None:
    assert artifact_uri(file, folder) == uri


def test_the_words_are_where_the_region_says() -> None:
    """Offsets, lines and columns against the article itself."""
    checked = 0
    for name in CASES:
        text = read_article(GOLDEN / name / "article.txt", abbreviations=()).text
        lines = text.split("\n")
        log = json.loads((GOLDEN / name / "report.sarif").read_text(encoding="utf-8"))
        for result in log["runs"][0]["results"]:
            region = result["locations"][0]["physicalLocation"]["region"]
            begin, words = region["charOffset"], region["snippet"]["text"]
            assert text[begin : begin + region["charLength"]] == words
            assert lines[region["startLine"] - 1][region["startColumn"] - 1 :].startswith(
                words.split("\n")[0]
            )
            checked += 1
    assert checked >= len(CASES)
