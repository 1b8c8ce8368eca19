"""``lodkit validate`` on data and shapes of others, through the command line."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize
from tests.sampled import mostly_slow

from lodkit import errors
from lodkit.cli import main
from lodkit.cli.codes import COMMANDS, EXIT_CODES
from lodkit.files import open_input
from lodkit.rdf import numbered

FOREIGN = Path(__file__).parent / "foreign"
ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "data" / "articles"
ARTICLE = min(ARTICLES.glob("*.txt"))
HEADER = """
@prefix ex: <https://example.org/v#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


Run = Callable[..., "Done"]


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Done:
        code = main([str(argument) for argument in arguments])
        done = capsys.readouterr()
        return Done(code, done.out, done.err)

    return call


def put(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + text + "\n", "utf-8")
    return name


# ---- cases from the field ----

FIELD = {
    "01-subclass-in-data": (1, ["ex:a", "a club needs a year"]),
    "03-implicit-rdfs-class": (1, ["ex:a", "a choir needs a year"]),
    "05-gyear-range": (1, ["ex:tooEarly", "2 targets, 1 passed, 1 failed"]),
    "08-datatypes-unchecked": (1, ["9 violations"]),
    "09-pattern-unicode": (1, ["ex:bad", "2 targets, 1 passed, 1 failed"]),
    "11-node-detail": (1, ["because ex:b ex:born: a head has a birth year (minCount)"]),
    "13-prefixes-imported": (1, ["led by nobody"]),
    "14-shapes-not-read": (1, ["a club has a year"]),
    "15-shape-matched-nothing": (
        0, ["1 node that no shape looked at: ex:b", "1 shape found no node: ex:T", "conforms: 1 node checked"]
    ),
    "16-objects-of": (1, ["looked at because of ex:a ex:head ex:b"]),
}  # fmt: skip


@pytest.mark.parametrize("way", ["domain", "shapes"])
@pytest.mark.parametrize("name", mostly_slow(FIELD))
def test_case_from_the_field(name: str, way: str, run: Run) -> None:
    code, words = FIELD[name]
    folder = FOREIGN / f"{name}.dom"
    for part in ("ontology", "shapes", "queries"):  # git keeps no empty folder
        (Path("dom") / part).mkdir(parents=True)
    for file in folder.rglob("*.*"):
        copy = Path("dom") / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    options = {
        "domain": ["--domain", "dom"],
        "shapes": ["--shapes", "dom/shapes", "--shapes", "dom/ontology"],
    }
    if not any(Path("dom/ontology").iterdir()):
        options["shapes"] = ["--shapes", "dom/shapes"]
    done = run("validate", FOREIGN / f"{name}.ttl", *options[way])
    assert done.code == code, done
    assert [word for word in words if word not in " ".join(done.out.split())] == []
    assert "article" not in done.out


def test_a_day_before_our_era_conforms(run: Run) -> None:
    done = run("build", FOREIGN / "06-bce-date.txt", "-o", "x.ttl", "--strict")
    assert (done.code, "-0043-03-15" in Path("x.ttl").read_text("utf-8")) == (0, True)
    assert "Traceback" not in done.err


def test_files_together_are_one_data_set(run: Run) -> None:
    files = [FOREIGN / "18-two-files-a.ttl", FOREIGN / "18-two-files-b.ttl"]
    shapes = ["--shapes", FOREIGN / "18-two-files.dom" / "shapes"]
    assert run("validate", *files, *shapes).code == 1
    done = run("validate", *files, *shapes, "--together")
    assert (done.code, done.out.splitlines()[-1]) == (0, "conforms: 1 node checked")


# ---- more of each kind ----

CLUB = "ex:S a sh:NodeShape ; sh:targetClass ex:Club ; "
YEAR = 'sh:property [ sh:path ex:year ; sh:minCount 1 ; sh:message "a club needs a year" ] .'
LED = (
    'ex:S a sh:NodeShape ; sh:targetClass ex:Club ; sh:sparql [ sh:message "led by nobody" ; '
    'sh:prefixes <x:o> ; sh:select "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:head ?h } }" ] .'
)
DECLARED = 'sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/v#" ]'
NAME = 'sh:property [ sh:path ex:name ; sh:pattern "%s" ] .'


class Case(NamedTuple):
    data: str
    shapes: str
    code: int
    words: str
    absent: str = "\0"


CASES = {
    "a class below a class, by the shapes' file": Case(
        "ex:a a ex:ChessClub .", "ex:ChessClub rdfs:subClassOf ex:Board . ex:Board rdfs:subClassOf ex:Club . "
        + CLUB + YEAR, 1, "ex:a: violation: a club needs a year",
    ),
    "a class tree half in the data": Case(
        "ex:Blitz rdfs:subClassOf ex:ChessClub . ex:a a ex:Blitz .",
        "ex:ChessClub rdfs:subClassOf ex:Club . " + CLUB + YEAR, 1, "ex:S: 1 target, 0 passed, 1 failed",
    ),
    "an implicit class of OWL": Case("ex:a a ex:C .", "ex:C a owl:Class, sh:NodeShape ; " + YEAR, 1, "ex:C"),
    "an implicit class of a kind of class": Case(
        "ex:a a ex:C .", "ex:Kind rdfs:subClassOf rdfs:Class . ex:C a ex:Kind, sh:NodeShape ; " + YEAR, 1, "ex:C"
    ),
    "years before our era in order": Case(
        'ex:a a ex:Club ; ex:year "-0044"^^xsd:gYear . ex:b a ex:Club ; ex:year "-0046"^^xsd:gYear .',
        CLUB + 'sh:property [ sh:path ex:year ; sh:minInclusive "-0045"^^xsd:gYear ] .',
        1, "2 targets, 1 passed, 1 failed",
    ),
    "months of a year in order": Case(
        'ex:a a ex:Club ; ex:m "1999-12"^^xsd:gYearMonth . ex:b a ex:Club ; ex:m "2000-01"^^xsd:gYearMonth .',
        CLUB + 'sh:property [ sh:path ex:m ; sh:maxExclusive "2000-01"^^xsd:gYearMonth ] .',
        1, "ex:b: violation",
    ),
    "forms that are well-formed": Case(
        'ex:a a ex:Club ; ex:d "12020-01-01"^^xsd:date . ex:b a ex:Club ; ex:d "0000-02-29"^^xsd:date .',
        CLUB + "sh:property [ sh:path ex:d ; sh:datatype xsd:date ] .", 0, "conforms: 2 nodes checked",
    ),
    "forms that are not": Case(
        'ex:a a ex:Club ; ex:n "256"^^xsd:unsignedByte . ex:b a ex:Club ; ex:n "1.0"^^xsd:unsignedByte .',
        CLUB + "sh:property [ sh:path ex:n ; sh:datatype xsd:unsignedByte ] .", 1, "2 violations",
    ),
    "letters of Greek": Case(
        'ex:a a ex:Club ; ex:name "Ωμέγα" .', CLUB + NAME % r"^\\p{L}+$", 0, "conforms"
    ),
    "marks of names in XML": Case(
        'ex:a a ex:Club ; ex:name "1a" . ex:b a ex:Club ; ex:name "a1" .', CLUB + NAME % r"^\\i\\c*$", 1, "ex:a:"
    ),
    "a nested shape in a nested shape": Case(
        "ex:a a ex:Club ; ex:head ex:b . ex:b ex:of ex:c .",
        CLUB + "sh:property [ sh:path ex:head ; sh:node ex:H ] . ex:H sh:property [ sh:path ex:of ; sh:node ex:P ] . "
        'ex:P sh:property [ sh:path ex:seat ; sh:minCount 1 ; sh:message "no seat" ] .',
        1, "because ex:c ex:seat: no seat (minCount)",
    ),
    "what sh:and holds": Case(
        "ex:a a ex:Club ; ex:head ex:b .",
        CLUB + "sh:property [ sh:path ex:head ; sh:and ( ex:P ) ] . "
        'ex:P a sh:NodeShape ; sh:property [ sh:path ex:seat ; sh:minCount 1 ; sh:message "no seat" ] .',
        1, "because ex:b ex:seat: no seat (minCount)",
    ),
    "prefixes two imports away": Case(
        "ex:a a ex:Club .", LED + " <x:o> owl:imports <x:p> . <x:p> owl:imports <x:q> . "
        f"<x:q> a owl:Ontology ; {DECLARED} . <x:p> a owl:Ontology .", 1, "led by nobody",
    ),
    "prefixes of ontologies that import each other": Case(
        "ex:a a ex:Club .", LED + " <x:o> a owl:Ontology ; owl:imports <x:p> . "
        f"<x:p> a owl:Ontology ; owl:imports <x:o> ; {DECLARED} .", 1, "led by nobody",
    ),
    "a misspelt class": Case(
        "ex:a a ex:Clubb .", CLUB + YEAR, 1, "nothing was checked", "conform"
    ),
    "a misspelt property": Case(
        "ex:a a ex:Club ; ex:yaer 1 .", CLUB + "sh:property [ sh:path ex:year ; sh:maxCount 1 ] .", 0,
        "1 property that no shape knows: ex:yaer of 1 node such as ex:a",
    ),
    "what made a subject a focus node": Case(
        "ex:a ex:head ex:b .", "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:head ; " + YEAR, 1,
        "looked at because of ex:a ex:head ex:b",
    ),
    "what made a literal a focus node": Case(
        'ex:a ex:head "B" .', "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:head ; sh:nodeKind sh:IRI .", 1,
        'looked at because of ex:a ex:head "B"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_verdicts_on_foreign_data(name: str, run: Run) -> None:
    case = CASES[name]
    done = run("validate", put("data.ttl", case.data), "--shapes", put("shapes.ttl", case.shapes))
    assert done.code == case.code, done
    assert case.words in done.out
    assert case.absent not in done.out
    assert "article" not in done.out + done.err


REFUSED = {
    "a prefix that nothing declares": (LED, "prefix ex: is not declared by x:o"),
    "a prefix of what is not at hand": (
        LED + " <x:o> a owl:Ontology ; owl:imports <x:far> .", "prefix ex: is not declared by x:o"
    ),
    "a broken pattern": (CLUB + NAME % r"(\\p{L}", "sh:pattern is not a regular expression"),
    "a shape that leads to itself": ("ex:S sh:node ex:T . ex:T sh:node ex:S .", "recursive shapes"),
    "no shape": ("ex:a ex:b ex:c .", "no shape in it"),
    "no Turtle": ("ex:a ex:b", "not Turtle"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_shapes_that_cannot_be_used_are_one_line(name: str, run: Run) -> None:
    shapes, words = REFUSED[name]
    done = run("validate", put("data.ttl", "ex:a a ex:Club ."), "--shapes", put("s.shacl", shapes))
    assert done.code == 3
    assert words in done.err
    errors_told = [line for line in done.err.splitlines() if "error" in line]
    assert all(line.startswith("lodkit: error: s.shacl") for line in errors_told)
    assert name == "no shape" or re.match(r"lodkit: error: s.shacl:\d+", errors_told[0])


# ---- kinds of input ----

DATA = HEADER + "ex:a a ex:Club . ex:b a ex:Club ; ex:year 1 ; ex:head [ ex:of ex:b ] .\n"
FORMATS = {
    "ttl": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML, "shacl": RdfFormat.TURTLE,
}  # fmt: skip
PACKED: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress}


@pytest.mark.slow
@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_of_data_and_of_shapes(ending: str, packed: str, run: Run) -> None:
    for name, text in (("data", DATA), ("shapes", HEADER + CLUB + YEAR)):
        triples = [quad.triple for quad in parse(text.encode(), RdfFormat.TURTLE)]
        data = serialize(triples, format=FORMATS[ending])
        assert data is not None
        Path(f"{name}.{ending}{packed}").write_bytes(PACKED[packed](data))
    done = run("validate", f"data.{ending}{packed}", "--shapes", f"shapes.{ending}{packed}", "--json")
    (result,) = json.loads(done.out)["files"][0]["results"]
    assert (done.code, result["focusNode"]) == (1, "https://example.org/v#a")


def test_folders_are_read_with_their_folders_in_a_stable_order(run: Run) -> None:
    for name in ("d/b.ttl", "d/a/z.ttl", "d/a/y.nt.gz", "d/c.txt"):
        put(name, "ex:a a ex:Club ; ex:year 1 .")
    Path("d/a/y.nt.gz").write_bytes(gzip.compress(b"<x:a> <x:b> <x:c> .\n"))
    os.mkfifo("d/pipe.ttl")
    done = run("validate", "d", "--shapes", put("s/sub/s.shacl", CLUB + YEAR) and "s")
    names = [line.partition(": ")[0] for line in done.out.splitlines() if line.startswith("d/")]
    assert names == ["d/b.ttl", "d/a/y.nt.gz", "d/a/z.ttl"]
    assert done.out.endswith("in all: 3 data sets: 2 conform, in 1 nothing was checked\n")
    assert (done.code, "d: 2 files of other kinds passed over" in done.err) == (0, True)


def test_blank_nodes_of_two_files_stay_two(run: Run) -> None:
    for name in "xy":
        put(f"{name}.ttl", f'_:n a ex:Club ; ex:name "{name}" .')
    shapes = put("s.ttl", CLUB + "sh:property [ sh:path ex:name ; sh:maxCount 1 ] .")
    done = run("validate", "x.ttl", "y.ttl", "--together", "--shapes", shapes)
    assert (done.code, "2 nodes checked" in done.out) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "html", "sarif", "junit", "turtle"])
def test_the_same_bytes_each_time(form: str, run: Run) -> None:
    put("d.ttl", "[] a ex:Club ; ex:head [ a ex:Club ] , [] . _:b1 a ex:Club .")
    shapes = put("s.ttl", CLUB + "sh:node [ sh:node [ " + YEAR[:-1] + " ] ] .")
    first, second = (run("validate", "d.ttl", "--shapes", shapes, "--format", form) for _ in range(2))
    assert first == second
    assert first.code == 1


def test_a_pipe_is_read_once(run: Run) -> None:
    shapes = put("s.ttl", CLUB + YEAR)
    os.mkfifo("pipe.ttl")
    writer = threading.Thread(target=lambda: Path("pipe.ttl").write_text(DATA, "utf-8"), daemon=True)
    writer.start()
    done = run("validate", "pipe.ttl", "--shapes", shapes, "--format", "sarif")
    writer.join(10)
    assert done.code == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["empty.ttl"], 1, "nothing was checked"),
        (["nope.ttl"], 3, "nope.ttl: no such file"),
        (["d.ttl", "nope.ttl"], 5, "nope.ttl: no such file"),
        (["-", "-"], 2, "standard input is given twice"),
        (["void/"], 3, "no RDF in this folder"),
        (["d.ttl", "--shapes", "nope.ttl"], 3, "nope.ttl: no such file"),
        (["d.ttl", "--shapes", "-"], 2, "shapes are not read from standard input"),
        (["d.ttl", "--shapes", "s.txt"], 2, "no RDF format has this extension"),
        (["d.ttl", "--limit-input", "10"], 3, "longer than"),
        (["store/", "d.ttl", "--together"], 2, "a store goes without --together"),
    ],
)
def test_odd_inputs_are_one_line(arguments: list[str], code: int, words: str, run: Run) -> None:
    put("d.ttl", "ex:a a ex:Club ; ex:year 1 .")
    put("s.txt", CLUB + YEAR)
    Path("empty.ttl").touch()
    Path("void").mkdir()
    if "store/" in arguments:
        run("build", ARTICLE, "--into", "store/")
    done = run("validate", *arguments, "--shapes", put("s.ttl", CLUB + YEAR))
    assert (done.code, words in done.out + done.err) == (code, True), done
    assert "Traceback" not in done.err


@pytest.mark.slow
def test_a_store_gets_a_verdict_for_each_article_and_one_in_total(run: Run) -> None:
    articles = sorted(ARTICLES.glob("*.txt"))[:2]
    run("build", *articles, "--into", "store/")
    done = run("validate", "store/")
    lines = done.out.splitlines()
    assert done.code == 0
    assert [line.split(": ")[0] for line in lines if line.startswith("store/")] == ["store/", "store/"]
    assert lines[-1] == "in all: 2 data sets: 2 conform"
    foreign = put("s.ttl", "ex:S a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:closed true .")
    done = run("validate", "store/", "--shapes", foreign)
    assert (done.code, done.out.splitlines()[-1]) == (1, "in all: 2 data sets: 0 conform, 2 do not conform")
    assert re.search(r"^\S+:\d+:\d+: violation: ", done.out, re.MULTILINE)  # the evidence says where


# ---- honest conformance ----

GAPS = {
    "all is covered": ("ex:a a ex:Club ; ex:year 1 .", 0),
    "a node without a shape": ("ex:a a ex:Club ; ex:year 1 . ex:b a ex:Clubb .", 1),
    "a property without a shape": ("ex:a a ex:Club ; ex:year 1 ; ex:yaer 2 .", 1),
}


@pytest.mark.parametrize("name", GAPS)
def test_strict_fails_on_what_no_shape_looks_at(name: str, run: Run) -> None:
    data, code = GAPS[name]
    files = [put("d.ttl", data), "--shapes", put("s.ttl", CLUB + YEAR)]
    assert run("validate", *files).code == 0
    done = run("validate", *files, "--strict")
    assert (done.code, "error: 1 " in done.out) == (code, bool(code))


def test_strict_fails_on_a_shape_without_a_node_in_the_whole_run(run: Run) -> None:
    shapes = put("s.ttl", CLUB + YEAR + " ex:T a sh:NodeShape ; sh:targetClass ex:Choir ; " + YEAR)
    club, choir = put("a.ttl", "ex:a a ex:Club ; ex:year 1 ."), put("b.ttl", "ex:b a ex:Choir ; ex:year 1 .")
    done = run("validate", club, "--shapes", shapes, "--strict")
    assert (done.code, "1 shape found no node" in done.err) == (1, True)
    assert run("validate", club, choir, "--shapes", shapes, "--strict").code == 0


@pytest.mark.slow
def test_what_is_not_read_in_shapes_is_named(run: Run) -> None:
    for name in ("dom/ontology/o.ttl", "dom/queries/x.ttl"):
        put(name, "")
    put("dom/shapes/s.ttl", CLUB + YEAR)
    put("dom/shapes/old/s.rdf", "")
    done = run("validate", put("d.ttl", "ex:a a ex:Club ; ex:year 1 ."), "--domain", "dom")
    assert (done.code, "shapes/old/s.rdf is not read" in done.err) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["s.ttl", "s.turtle", "s.shacl", "a/b/s.shacl", "a/s.ttl"])
def test_shapes_of_a_domain_are_read_wherever_they_are(name: str, run: Run) -> None:
    for part in ("dom/ontology", "dom/queries"):
        Path(part).mkdir(parents=True)
    put(f"dom/shapes/{name}", CLUB + YEAR)
    assert "a club needs a year" in run("validate", put("d.ttl", "ex:a a ex:Club ."), "--domain", "dom").out


def test_links_out_of_a_domain_are_refused(run: Run) -> None:
    for part in ("dom/ontology", "dom/queries", "dom/shapes"):
        Path(part).mkdir(parents=True)
    put("elsewhere/s.ttl", CLUB + YEAR)
    Path("dom/shapes/more").symlink_to(Path("elsewhere").resolve())
    done = run("validate", put("d.ttl", "ex:a a ex:Club ."), "--domain", "dom")
    assert (done.code, "shapes/more: a link that leads out of the domain folder" in done.err) == (3, True)


# ---- the reports of a run say what its exit code says ----

CHOIR = " ex:T a sh:NodeShape ; sh:targetClass ex:Choir ; " + YEAR
FINE = "ex:a a ex:Club ; ex:year 1 ."
RUNS: dict[str, tuple[dict[str, str], str, list[str], int, str]] = {
    "all is well": ({"a": FINE}, CLUB + YEAR, [], 0, ""),
    "one of two was not checked": ({"a": FINE, "b": ""}, CLUB + YEAR, [], 0, ""),
    "neither was checked": ({"a": "", "b": ""}, CLUB + YEAR, [], 1, "nothing was checked"),
    "a shape without a node": ({"a": FINE}, CLUB + YEAR + CHOIR, ["--strict"], 1, "1 shape found no node"),
    "a node without a shape": (
        {"a": FINE + " ex:b a ex:Clbu ."}, CLUB + YEAR, ["--strict"], 1, "1 node that no shape looked at"
    ),
    "a property without a shape": (
        {"a": FINE + " ex:a ex:yaer 2 ."}, CLUB + YEAR, ["--strict"], 1, "1 property that no shape knows"
    ),
    "a violation": ({"a": "ex:a a ex:Club ."}, CLUB + YEAR, [], 1, "a club needs a year"),
}  # fmt: skip
FAILS: dict[str, Callable[[str], bool]] = {
    "json": lambda text: not json.loads(text)["passes"],
    "junit": lambda text: "<failure" in text,
    "github": lambda text: "::error" in text,
    "html": lambda text: "Validation failed" in text,
}
"""How a program sees that a run has failed, by the format of its reports."""


@pytest.mark.parametrize("form", [*FAILS, "sarif", "turtle", "text"])
@pytest.mark.parametrize("name", RUNS)
def test_reports_say_what_the_exit_code_says(name: str, form: str, run: Run) -> None:
    data, shapes, options, code, words = RUNS[name]
    files = [put(f"{file}.ttl", text) for file, text in data.items()]
    done = run("validate", *files, "--shapes", put("s.ttl", shapes), "--format", form, *options)
    assert done.code == code
    assert form == "json" or words in " ".join((done.out + done.err).split())
    assert form not in FAILS or FAILS[form](done.out) == bool(code)


# ---- inputs without measure ----


@contextmanager
def deep_folder(depth: int, text: str) -> Iterator[str]:
    """A folder of folders in each other, a file in the last; it goes, since pytest would recurse into it."""
    top = Path.cwd()
    levels = ["/".join(["d"] * level) for level in range(1, depth + 1)]
    try:
        for _ in levels:
            Path("d").mkdir()
            os.chdir("d")
        put("x.ttl", text)
        os.chdir(top)
        yield "d"
    finally:
        os.chdir(top)
        Path(levels[-1], "x.ttl").unlink(missing_ok=True)
        for level in filter(os.path.isdir, reversed(levels)):
            Path(level).rmdir()


@pytest.mark.slow
@pytest.mark.parametrize("is_shapes", [False, True])
def test_folders_may_be_deeper_in_each_other_than_the_stack_is_high(is_shapes: bool, run: Run) -> None:
    other = put("other.ttl", FINE if is_shapes else CLUB + YEAR)
    with deep_folder(sys.getrecursionlimit() + 100, CLUB + YEAR if is_shapes else FINE) as deep:
        done = run("validate", *([other, "--shapes", deep] if is_shapes else [deep, "--shapes", other]))
    assert (done.code, done.out.splitlines()[-1]) == (0, "conforms: 1 node checked")


def test_shapes_are_read_no_further_than_they_may_be_long(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodkit.cli.shapes.LARGEST_DOMAIN", 1000)
    read: list[int] = []

    @contextmanager
    def counted(file: str) -> Iterator[SimpleNamespace]:
        with open_input(file) as stream:

            def some(size: int) -> bytes:
                data = stream.read(size)
                read.append(len(data))
                return data

            yield SimpleNamespace(read=some)

    monkeypatch.setattr("lodkit.cli.shapes.open_input", counted)
    Path("bomb.ttl.gz").write_bytes(gzip.compress(b" " * 10**7))
    done = run("validate", put("d.ttl", FINE), "--shapes", "bomb.ttl.gz")
    assert (done.code, done.err) == (
        3, "lodkit: error: bomb.ttl.gz: is larger than 1000 bytes, as shapes may not be\n"
    )  # fmt: skip
    assert read == [1001]


@pytest.mark.parametrize("label", ["s0_x", "x", "s0_b1", "s00_x"])
def test_no_blank_node_of_data_is_one_of_shapes(label: str, run: Run) -> None:
    shapes = put("s.ttl", CLUB + "sh:property [ sh:path ex:head ; sh:hasValue _:x ] .")
    data = put("d.ttl", f"ex:a a ex:Club ; ex:head _:{label} .")
    assert run("validate", data, "--shapes", shapes).code == 1
    assert run("validate", data, put("e.ttl", FINE), "--together", "--shapes", shapes).code == 1


@pytest.mark.parametrize("again", ["./d.ttl", "x/../d.ttl", "link.ttl"])
def test_a_file_that_is_named_twice_is_read_once(again: str, run: Run) -> None:
    data = put("d.ttl", "ex:a a ex:Club ; ex:head [] .")
    Path("x").mkdir()
    Path("link.ttl").symlink_to("d.ttl")
    shapes = put("s.ttl", CLUB + "sh:property [ sh:path ex:head ; sh:maxCount 1 ] ; sh:in ( ex:a ) .")
    assert run("validate", data, again, "--together", "--shapes", shapes).code == 0
    Path("link.ttl").unlink()
    Path("link.ttl").symlink_to("s.ttl")
    shapes_again = again.replace("d.ttl", "s.ttl")
    assert run("validate", data, "--shapes", shapes, "--shapes", shapes_again).code == 0


SERVER, FILE = "http://127.0.0.1:9/sparql", "https://example.org/s.ttl"


@pytest.mark.parametrize(
    "words", [[FILE, "--shapes", "s.ttl"], ["d.ttl", "--shapes", FILE], ["d.ttl", "--shapes", SERVER]]
)
def test_an_address_is_said_to_be_one(words: list[str], run: Run) -> None:
    put("s.ttl", CLUB + YEAR)
    put("d.ttl", FINE)
    done = run("validate", *words)
    assert (done.code, "is an address, and nothing is fetched here" in done.err) == (2, True)


# ---- build ----

DUMB = "= Nowhere =\n\nNothing here.\n"
BAD = "ex:Bad a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property ex:BadPrize . "
BAD += "ex:BadPrize a sh:PropertyShape ; sh:path ex:prize ; sh:minCount 1 ."


@pytest.mark.slow
@pytest.mark.parametrize("output", ["all.nq", "out/"])
def test_articles_get_one_verdict_whatever_they_are_built_into(output: str, run: Run) -> None:
    Path("n.txt").write_text(DUMB, "utf-8")
    for articles in ((ARTICLE, "n.txt"), ("n.txt",)):  # that values hold no markup is checked of any article
        done = run("build", *articles, "-o", output)
        assert (done.code, done.err.splitlines()[-1].endswith("; conforms")) == (0, True)
    assert Path(output).exists()


@pytest.fixture
def unfit(tmp_path: Path) -> Path:
    """A domain whose shapes no article satisfies."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "dom" / part)
    put(str(tmp_path / "dom" / "shapes" / "unfit.shacl"), BAD)
    return tmp_path / "dom"


@pytest.mark.slow
def test_build_fails_and_still_writes_what_does_not_conform(run: Run, unfit: Path) -> None:
    done = run("build", ARTICLE, "-o", "x.nq", "--domain", unfit)
    assert (done.code, Path("x.nq").exists()) == (1, True)
    done = run("build", ARTICLE, "-o", "y.nq", "--strict", "--domain", unfit)
    assert (done.code, Path("y.nq").exists()) == (1, False)


@pytest.mark.slow
def test_what_does_not_conform_is_loaded_by_force_only(run: Run, unfit: Path) -> None:
    done = run("build", ARTICLE, "--into", "store/", "--domain", unfit)
    assert (done.code, "1 article not loaded: what does not conform needs --force" in done.err) == (1, True)
    assert "1 new" not in done.err
    done = run("build", ARTICLE, "--into", "store/", "--force", "--domain", unfit)
    assert (done.code, "1 article (1 new)" in done.err) == (1, True)


# ---- docs ----


def test_the_example_of_the_docs_is_what_comes_out(run: Run) -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    parts = dict(
        re.findall(r"^    \$ (?:cat|lodkit validate) (\S+).*\n((?:    (?!\$).*\n)+)", text, re.MULTILINE)
    )
    plain = {name: re.sub("^    ", "", body, flags=re.MULTILINE) for name, body in parts.items()}
    shapes = re.search(r"\$ cat clubs.ttl\n((?:    (?!\$).*\n)+)", text)
    assert shapes is not None
    Path("shapes.ttl").write_text(plain["shapes.ttl"], "utf-8")
    Path("clubs.ttl").write_text(re.sub("^    ", "", shapes[1], flags=re.MULTILINE), "utf-8")
    done = run("validate", "clubs.ttl", "--shapes", "shapes.ttl")
    assert (done.code, done.out) == (1, plain["clubs.ttl"])


# ---- exit codes ----


def test_exit_codes_are_one_table() -> None:
    text = (Path(__file__).parents[1] / "docs" / "commands.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \|$", text, re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.LodkitError)
    ]
    assert {kind.exit_code for kind in kinds} <= EXIT_CODES.keys()
    assert {code for codes in COMMANDS.values() for code in codes} <= EXIT_CODES.keys()


def test_help_tells_all_exit_codes(run: Run) -> None:
    told = run("--help").out
    assert [code for code in EXIT_CODES if not re.search(rf"^ +{code}  ", told, re.MULTILINE)] == []


# ---- properties ----

NODES = st.sampled_from(["_:x", "_:b1", "_:b2", "ex:a", "[ ex:p 1 ]", "_:deadbeefdeadbeef"])
TRIPLES = st.lists(st.tuples(NODES.filter(lambda node: node[0] != "["), NODES), max_size=8)


@given(TRIPLES)
def test_numbered_blank_nodes_say_the_same(pairs: list[tuple[str, str]]) -> None:
    text = HEADER + "".join(f"{one} ex:q {other} .\n" for one, other in pairs)
    first, second = (list(parse(text.encode(), RdfFormat.TURTLE)) for _ in range(2))
    assert list(numbered(first)) == list(numbered(second))
    same, other = Dataset(first), Dataset(numbered(first, "f1_"))
    for dataset in (same, other):
        dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    assert same == other
