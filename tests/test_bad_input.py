"""What is bad input, and what it gets: through the command line, as a user meets it."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from lodkit import cli
from lodkit.domain import Domain, read_domain

ROOT = Path(__file__).parent.parent
ID = "https://w3id.org/lodkit/id/"
ARTICLE = "https://w3id.org/lodkit/article/"
LK = "https://w3id.org/lodkit/core#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
FOUNDED = "https://schema.org/foundingDate"
PLAIN = """= Blue Lantern =

Blue Lantern
- Founded: 1996
- Founder: Ada Lund

Blue Lantern is a political party in Norland. It was founded in Arvika by Ada Lund.

== See also ==
- Red Harbour Union
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(domain: Domain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, the bundled domain read once."""
    from lodkit.cli import build

    monkeypatch.setattr(
        build, "read_domain", lambda place=None: domain if place is None else read_domain(place)
    )

    def call(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.main([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def build(run: Run, tmp_path: Path) -> Callable[[str | bytes], list[Quad]]:
    """Build a text, and check the contract of the output."""

    def call(text: str | bytes) -> list[Quad]:
        source, target = tmp_path / "article.txt", tmp_path / "article.nq"
        data = text.encode() if isinstance(text, str) else text
        source.write_bytes(data)
        done = run("build", source, "-o", target, "--no-validate")
        assert (done.code, "error" in done.err) == (0, False), done.err
        quads = list(pyoxigraph.parse(target.read_bytes(), RdfFormat.N_QUADS))
        check_contract(quads, data.decode())
        return quads

    return call


def check_contract(quads: list[Quad], text: str) -> None:
    """No blank node, each quote is what the text says there, and each fact has its asserted statement."""
    assert not [
        quad for quad in quads if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
    ]
    values: dict[str, dict[str, str]] = {}
    for quad in quads:
        values.setdefault(str(quad.subject), {})[quad.predicate.value] = str(
            getattr(quad.object, "value", quad.object)
        )
    for record in values.values():
        if NIF + "anchorOf" in record:
            assert (
                text[int(record[NIF + "beginIndex"]) : int(record[NIF + "endIndex"])]
                == record[NIF + "anchorOf"]
            )
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    readings: dict[str, dict[str, str]] = {}
    for quad in quads:
        readings.setdefault(str(quad.subject), {})[quad.predicate.value] = str(quad.object)
    asserted = {
        (r[rdf + "subject"], r[rdf + "predicate"], r[rdf + "object"])
        for r in readings.values()
        if r.get(LK + "modality") == f"<{LK}asserted>"
    }
    assert asserted == {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in facts(quads)}


def facts(quads: list[Quad]) -> list[Quad]:
    return [quad for quad in quads if str(quad.graph_name).endswith("#facts>")]


def triples(quads: list[Quad]) -> set[str]:
    return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in facts(quads)}


def values(quads: list[Quad], predicate: str, graph: str = "#facts>") -> set[str]:
    return {
        str(getattr(q.object, "value", q.object))
        for q in quads
        if q.predicate.value == predicate and str(q.graph_name).endswith(graph)
    }


def rejected(quads: list[Quad]) -> set[str]:
    """The objects of rejected statements."""
    nodes = {
        q.subject
        for q in quads
        if q.predicate.value == LK + "modality" and q.object == NamedNode(LK + "rejected")
    }
    return {
        str(getattr(q.object, "value", q.object))
        for q in quads
        if q.subject in nodes and q.predicate.value.endswith("ns#object")
    }


def one_line(done: Done, code: int) -> str:
    """Check that a run failed with one line and nothing else, and return the line."""
    lines = done.err.splitlines()
    assert (done.code, done.out, len(lines)) == (code, "", 1), done
    assert lines[0].startswith("lodkit: error: ")
    return lines[0]


# ---- one error, nothing written

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", r"bad\.txt: the file is empty"),
    "blank": (b" \n\t\r\n", r"bad\.txt: the file is empty"),
    "only-bom": ("\ufeff".encode(), r"bad\.txt: the file is empty"),
    "no-title": (b"Blue Lantern is a party.\n", r"bad\.txt:1:1: no title line \(.*= Title ="),
    "second-level": (b"\n\n== Blue Lantern ==\n", r"bad\.txt:3:1: no title line"),
    "empty-title": (b"=  =\n\nText.\n", r"bad\.txt:1:1: no title line"),
    "not-utf-8": (b"= A =\n\nCaf\xe9 in Norland.\n", r"bad\.txt: not UTF-8: byte 0xe9 at byte offset 10"),
    "cut-off": ("= A =\n\nCafé".encode()[:-1], r"bad\.txt: not UTF-8: byte 0xc3 at byte offset 10"),
    "utf-16": ("= A =\n".encode("utf-16"), r"bad\.txt: not UTF-8: byte 0xf[ef] at byte offset 0"),
    "surrogate": (b"= A =\n\xed\xa0\x80\n", r"bad\.txt: not UTF-8: byte 0xed at byte offset 6"),
    "nul": (b"= A =\n\nText\0.\n", r"bad\.txt:3:5: the text holds a NUL"),
    "nul-in-title": (b"= A\0B =\n", r"bad\.txt:1:4: the text holds a NUL"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(run: Run, tmp_path: Path, name: str) -> None:
    data, message = REFUSED[name]
    (tmp_path / "bad.txt").write_bytes(data)
    target = tmp_path / "out.trig"
    target.write_bytes(b"old")
    assert re.search(message, one_line(run("build", tmp_path / "bad.txt", "-o", target), 3))
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.txt", "out.trig"]


@pytest.mark.parametrize("name", ["empty", "not-utf-8", "no-title"])
def test_refused_on_standard_input(run: Run, name: str) -> None:
    assert one_line(run("build", "-", stdin=REFUSED[name][0]), 3).startswith("lodkit: error: -:")


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    whole = gzip.compress(PLAIN.encode())
    (tmp_path / "cut.txt.gz").write_bytes(whole[:40])
    (tmp_path / "no.txt.bz2").write_bytes(whole)
    (tmp_path / "empty").mkdir()
    for name, message in (
        ("missing.txt", "no such file"),
        ("empty", "no articles in this folder"),
        ("cut.txt.gz", "cannot be read"),
        ("no.txt.bz2", "cannot be read"),
    ):
        assert message in one_line(run("build", tmp_path / name), 3)


def test_of_several_the_good_are_built(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "again.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    done = run(
        "build",
        *(tmp_path / f"{name}.txt" for name in ("bad", "good", "missing", "again")),
        "-o",
        f"{tmp_path}/out/",
        "--no-validate",
    )
    errors = [line for line in done.err.splitlines() if "error" in line]
    assert (done.code, len(errors)) == (5, 3)
    assert "again.txt:1: has the title of" in errors[2]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["Blue_Lantern.trig"]


def test_all_of_several_bad(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    done = run("build", tmp_path / "bad.txt", tmp_path / "missing.txt", "-o", tmp_path / "out.nq")
    assert (done.code, len(done.err.splitlines())) == (3, 2)
    assert not (tmp_path / "out.nq").exists()


# ---- what converts

LINES = PLAIN.split("\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["\ufeff" + PLAIN, "\r\n".join(LINES), "\r".join(LINES), "\n\n\n" + PLAIN, PLAIN.rstrip("\n")],
    ids=["bom", "crlf", "cr", "leading-blank-lines", "no-last-line-end"],
)
def test_line_ends_and_marks_change_no_fact(build: Callable[[str | bytes], list[Quad]], text: str) -> None:
    assert triples(build(text)) == triples(build(PLAIN))
    assert len(triples(build(PLAIN))) >= 8


ODD_TITLES = {
    "delimiters": '<>"{}|\\^`',
    "percent": "100% 1%20a %",
    "slash": "a/b//c",
    "up": "../../etc/passwd",
    "dots": "..",
    "dot": ".",
    "quotes": 'Ada\'s "party" ‘x’ “y”',
    "right-to-left": "\u200fשלום\u200e \u202eabc\u202c",
    "control": "a\x01b\x1b[31mc\x7f",
    "space": "a\u00a0b\u2003c\u3000d",
    "hash": "#?&=+;@!$*,",
    "equals": "a = b == c",
    "emoji": "👩‍🚀 🇳🇴",
    "private": "\ue000\U000f0000\U0010ffff",
    "noncharacter": "\ufffe\ufdd0",
    "line-separators": "a\u2028b\u0085c",
    "combining": "\u0301x",
    "long": "Long name " * 500,
}


@pytest.mark.parametrize("name", ODD_TITLES)
@pytest.mark.slow
def test_odd_titles(run: Run, build: Callable[[str | bytes], list[Quad]], tmp_path: Path, name: str) -> None:
    title = ODD_TITLES[name].strip()
    text = f"= {title} =\n\n{title} is a political party. It was founded in 1996 by Ada Lund.\n"
    quads = build(text)
    assert values(quads, "http://purl.org/dc/terms/title", "#evidence>") == {title}
    (document,) = {str(q.subject)[1:-1] for q in quads if q.predicate.value == LK + "sha256"}
    local = document.removeprefix(ARTICLE)
    assert not re.search(r'[<>"{}|\\^`\s/#?]', local)
    assert local.strip(".") != ""
    folder = tmp_path / "one" / "graphs"
    assert (
        run(
            "build",
            tmp_path / "article.txt",
            "-o",
            f"{folder}/",
            "--format",
            "ttl",
            "--evidence",
            "--no-validate",
        ).code
        == 0
    )
    (written,) = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert written.parent == folder
    assert len(written.name.encode()) < 200
    turtle = {
        (q.subject, q.predicate, q.object) for q in pyoxigraph.parse(written.read_bytes(), RdfFormat.TURTLE)
    }
    assert turtle == {(q.subject, q.predicate, q.object) for q in quads}


def test_long_and_odd_title_in_rdflib(run: Run, tmp_path: Path) -> None:
    import rdflib

    title = "".join(
        ODD_TITLES[name]
        for name in ("delimiters", "percent", "quotes", "right-to-left", "emoji", "hash", "space")
    )
    (tmp_path / "article.txt").write_text(f"= {title} =\n\n{title} is a political party.\n", encoding="utf-8")
    for form in ("ttl", "nt"):
        done = run(
            "build", tmp_path / "article.txt", "-o", tmp_path / f"x.{form}", "--evidence", "--no-validate"
        )
        assert done.code == 0
    turtle, lines = (rdflib.Graph().parse(tmp_path / f"x.{form}") for form in ("ttl", "nt"))
    assert set(turtle) == set(lines) != set()


def test_titles_of_one_name_are_one_iri(build: Callable[[str | bytes], list[Quad]]) -> None:
    text = "= Café Ålesund =\n\nCafé Ålesund is a political party. It was founded in 1996.\n"
    composed, decomposed = (build(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert (
        {q.subject for q in facts(composed)}
        == {q.subject for q in facts(decomposed)}
        == {NamedNode(f"{ID}Café_Ålesund")}
    )


def rows(*lines: str) -> str:
    infobox = "\n".join(f"- {line}" for line in lines)
    return f"= Blue Lantern =\n\nBlue Lantern\n{infobox}\n\nBlue Lantern is a political party.\n"


LONG_KEY = "k" * 5000


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["Founded: 1996", "Founded: 1997"], [("Founded", "1996"), ("Founded", "1997")]),
        (["Wobble: 1", "Wobble: 1"], [("Wobble", "1"), ("Wobble", "1")]),
        (["First: 1", ": nothing"], [("First", "1"), ("", "nothing")]),
        ([f"{LONG_KEY}: 1"], [(LONG_KEY, "1")]),
        (["Wobble: a: b = c: d"], [("Wobble", "a: b = c: d")]),
        (["Founder: = Ada Lund ="], [("Founder", "= Ada Lund =")]),
        (["Wobble:"], [("Wobble", "")]),
        (["https://example.org/: x"], [("https://example.org/", "x")]),
        (['<>"{}|\\^`: <script>alert(1)</script>'], [('<>"{}|\\^`', "<script>alert(1)</script>")]),
    ],
    ids=[
        "duplicate",
        "duplicate-unknown",
        "empty-key",
        "long-key",
        "colons",
        "equals",
        "empty-value",
        "iri",
        "delimiters",
    ],
)
def test_rows_are_kept_as_they_stand(
    build: Callable[[str | bytes], list[Quad]], lines: list[str], kept: list[tuple[str, str]]
) -> None:
    quads = build(rows(*lines))
    fields = {q.subject for q in quads if q.object == NamedNode(LK + "Field")}
    found = [
        tuple(
            next(
                str(q.object.value)
                for q in quads
                if q.subject == node and q.predicate.value == key and isinstance(q.object, Literal)
            )
            for key in (LK + "key", LK + "value")
        )
        for node in fields
    ]
    assert sorted(found) == sorted(kept)


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("1996", '"1996"^^gYear'),
        ("March 1996", '"1996-03"^^gYearMonth'),
        ("3 March 1996", '"1996-03-03"^^date'),
        ("44 BC", '"-0043"^^gYear'),
        ("15 March 44 BC", '"-0043-03-15"^^date'),
        ("c. 1996", '"1996~"^^EDTF'),
        ("1990s", '"199X"^^EDTF'),
        ("1948–56", '"1948/1956"^^EDTF'),
        ("1948–1956", '"1948/1956"^^EDTF'),
    ],
)
def test_dates_as_precise_as_the_text(
    build: Callable[[str | bytes], list[Quad]], words: str, date: str
) -> None:
    quads = build(rows(f"Founded: {words}"))
    found = {
        re.sub(r"<.*[/#](\w+)>", r"\1", str(q.object)) for q in facts(quads) if q.predicate.value == FOUNDED
    }
    assert (found, rejected(quads)) == ({date}, set())


@pytest.mark.parametrize(
    "words", ["30 February 1996", "31 April 1996", "29 February 1997", "13/13/1996", "0", "yesterday"]
)
def test_dates_that_are_none_are_rejected(
    run: Run, build: Callable[[str | bytes], list[Quad]], tmp_path: Path, words: str
) -> None:
    quads = build(rows(f"Founded: {words}"))
    assert values(quads, FOUNDED) == set()
    assert rejected(quads) == {words}
    done = run("build", tmp_path / "article.txt", "-o", tmp_path / "x.nq", "--no-validate")
    assert "1 rejected" in done.err


@pytest.mark.parametrize("tag", ["not a tag!", "e", "123456789", "en--US", "\u0661"])
def test_ill_formed_language_tags_are_rejected(build: Callable[[str | bytes], list[Quad]], tag: str) -> None:
    quads = build(rows("Native name: Blaue Laterne", f"Native name lang: {tag}"))
    assert tag in rejected(quads)
    assert {q.object.language for q in facts(quads) if isinstance(q.object, Literal)} <= {None, "en", "und"}


INJECTIONS = {
    "turtle": '<urn:a> <urn:b> "c"@en . @prefix x: <urn:x#> . x:a x:b [] . ',
    "sparql": "SELECT * { ?s ?p ?o } ; DROP ALL ; INSERT DATA { <urn:a> <urn:b> <urn:c> } $name ?name",
    "html": "<script>alert('x')</script><!-- & &lt; &#0; --> <img src=x onerror=y>",
    "shell": "$(rm -rf /) `id` ; cat /etc/passwd | sh && exit 1 > /dev/null \\ '\"",
    "escapes": '\\u0041 \\n \\" """ \'\'\' \\\\ %s %d {0} {name}',
    "control": "\x1b[2J\x07\x08\x0c\x0b\x7f\x9b",
    "json": '{"@context": "http://example.org/", "@id": "_:b0"}',
}


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.slow
def test_text_stays_text(
    run: Run, build: Callable[[str | bytes], list[Quad]], tmp_path: Path, name: str
) -> None:
    words = INJECTIONS[name]
    infobox = f"= Blue {words} =\n\nBlue\n- Founder: {words}\n- {words}: {words}\n"
    quads = build(f"{infobox}\nBlue is a party. It was founded by {words}.\n\n== {words} ==\n- {words}\n")
    assert not [q for q in quads if str(getattr(q.predicate, "value", "")).startswith("urn:")]
    assert not [q for q in quads if str(getattr(q.subject, "value", "")).startswith("urn:")]
    for form in ("trig", "jsonld"):
        done = run("export", tmp_path / "article.nq", "--to", tmp_path / f"x.{form}")
        assert done.code == 0, done.err
        again = run("export", tmp_path / f"x.{form}", "--format", "nq")
        assert again.out.encode() == (tmp_path / "article.nq").read_bytes()


# ---- much input

HUGE = {
    "one-word": "x" * 1_000_000,
    "brackets": "(" * 1_000_000,
    "initials": "A. " * 333_333,
    "sentences": "Blue Lantern was founded by Ada Lund. " * 5_000,
    "row": "1996 " * 200_000,
    "names": "Ada Lund, " * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_a_long_line(run: Run, tmp_path: Path, name: str) -> None:
    line = f"Blue Lantern\n- Founded: {HUGE[name]}" if name == "row" else HUGE[name]
    (tmp_path / "article.txt").write_text(f"= Blue Lantern =\n\n{line}\n", encoding="utf-8")
    assert run("build", tmp_path / "article.txt", "-o", tmp_path / "x.nq", "--no-validate").code == 0


LONG_SENTENCES = {
    "clauses": "Blue Lantern is a political party founded in 1996 by Ada Lund in Arvika, ",
    "quotes": '"Ada" ',
    "coordination": "Ada and ",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG_SENTENCES)
def test_a_sentence_of_a_megabyte_is_said_and_skipped(run: Run, tmp_path: Path, name: str) -> None:
    words = LONG_SENTENCES[name]
    (tmp_path / "article.txt").write_text(
        f"= Blue Lantern =\n\n{words * (1_000_000 // len(words))}\n", encoding="utf-8"
    )
    again = run("build", tmp_path / "article.txt", "-o", tmp_path / "x.nq", "--no-validate")
    assert again.code == 0
    assert "1 sentence without a statement" in again.err


@pytest.mark.slow
@pytest.mark.parametrize("levels", [1, 5])
def test_thousands_of_sections(build: Callable[[str | bytes], list[Quad]], levels: int) -> None:
    parts = (
        f"{'=' * (2 + i % levels)} Section {i // 2} {'=' * (2 + i % levels)}\n\nText {i}.\n"
        for i in range(5000)
    )
    quads = build("= Blue Lantern =\n\nBlue Lantern is a political party.\n\n" + "\n".join(parts))
    assert len({q.subject for q in quads if q.object == NamedNode(NIF + "Section")}) == 5000


# ---- a broken domain

BROKEN: dict[str, tuple[str, str, str, str]] = {
    "syntax": (
        "ontology/movement.ttl",
        "\nmvt:Broken a owl:Class\nmvt:Other a owl:Class .\n",
        "build",
        r"ontology/movement\.ttl:\d+:\d+: not Turtle: ",
    ),
    "unknown-slot": (
        "ontology/lexicon.ttl",
        '\nphrase:broken a lk:Phrase ; lk:fills shape:Organization ;\n    lk:pattern "{this} be broken by {wobble}" .\n',
        "build",
        r"ontology/lexicon\.ttl:\d+: \S*phrase#broken: slot \{wobble\} is no property of shape:Organization",
    ),
    "bad-pattern": (
        "ontology/lexicon.ttl",
        '\nphrase:broken a lk:Phrase ; lk:fills shape:Organization ;\n    lk:pattern "{this} [be broken" .\n',
        "build",
        r"ontology/lexicon\.ttl:\d+: \S*phrase#broken: .*'\[' without '\]'",
    ),
    "unknown-shape": (
        "ontology/lexicon.ttl",
        '\nphrase:broken a lk:Phrase ; lk:fills shape:Wobble ;\n    lk:pattern "{this} be broken" .\n',
        "build",
        r"ontology/lexicon\.ttl:\d+: \S*phrase#broken: fills shape:Wobble, which is no node shape",
    ),
    "unknown-property-shape": (
        "ontology/lexicon-fields.ttl",
        '\nfield:broken a lk:FieldRule ; lk:fills shape:Organization-wobble ; lk:key "Wobble" .\n',
        "build",
        r"ontology/lexicon-fields\.ttl:\d+: \S*field#broken: fills shape:Organization-wobble, which is no property shape",
    ),
    "undeclared-parameter": (
        "queries/founders.rq",
        "\n# more\nORDER BY $wobble\n",
        "query",
        r"queries/founders\.rq:\d+:\d+: \$wobble: parameter is not declared in the header",
    ),
    "gazetteer": (
        "ontology/gazetteer.tsv",
        "wobble\n",
        "build",
        r"ontology/gazetteer\.tsv:\d+: (?:wobble: )?not a gazetteer line",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the domain to break."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, tmp_path / "domain" / part)
    return tmp_path / "domain"


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.slow
def test_broken_domain(run: Run, copy: Path, name: str) -> None:
    file, addition, command, message = BROKEN[name]
    path = copy / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + addition, encoding="utf-8")
    article = next((ROOT / "data" / "articles").glob("*.txt"))
    argument = "founders" if command == "query" else article
    line = one_line(run(command, argument, "--domain", copy), 3)
    assert re.fullmatch(rf"lodkit: error: {message}.*", line)
    found = re.search(r":(\d+):", line.removeprefix("lodkit: error: "))
    assert found is not None
    assert int(found[1]) > text.count("\n")


@pytest.mark.slow
def test_check_names_a_broken_domain(run: Run, copy: Path) -> None:
    path = copy / "queries" / "founders.rq"
    path.write_text(path.read_text(encoding="utf-8") + "\nLIMIT $wobble\n", encoding="utf-8")
    path = copy / "ontology" / "lexicon.ttl"
    rule = 'phrase:broken a lk:Phrase ; lk:fills shape:Organization ; lk:pattern "{this} be wobbled by {founder}" ;'
    path.write_text(
        f'{path.read_text(encoding="utf-8")}\n{rule}\n lk:example "[It]{{this}} was woggled by [Ada Lund]{{founder}}." .\n',
        encoding="utf-8",
    )
    path = copy / "shapes" / "movement.ttl"
    path.write_text(
        path.read_text(encoding="utf-8") + "\nshape:Person sh:propety shape:Person-birthDate .\n",
        encoding="utf-8",
    )
    done = run("check", "--domain", copy)
    assert done.code == 1
    assert re.search(r"^queries/founders\.rq:\d+:\d+: \$wobble: ", done.out, re.MULTILINE)
    assert re.search(
        r"^ontology/lexicon\.ttl:\d+:\d+: phrase:broken: example 'It was woggled by Ada Lund\.': misses \{founder\}",
        done.out,
        re.MULTILINE,
    )
    assert re.search(r"^shapes/movement\.ttl:\d+:\d+: sh:propety: ", done.out, re.MULTILINE)


@pytest.mark.parametrize("part", ["ontology", "shapes", "queries"])
@pytest.mark.slow
def test_domain_without_a_folder(run: Run, copy: Path, part: str) -> None:
    shutil.rmtree(copy / part)
    command = ("query", "founders") if part == "queries" else ("check",)
    assert f"no folder {part}/" in one_line(run(*command, "--domain", copy), 3) or part == "queries"


# ---- broken data


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.ttl", b"<urn:a> <urn:b> .\n", r"x\.ttl:1:\d+: not Turtle: "),
        ("x.nq", b'<urn:a> <urn:b> "c" .\n<urn:a>\n', r"x\.nq:[23]:\d+: not N-Quads: "),
        ("x.trig", b"\xff\xfe", r"x\.trig:?.*: not TriG: "),
        (
            "x.jsonld",
            b'{"@context": "https://example.org/c", "a": 1}',
            r"x\.jsonld: a context on the network is not fetched",
        ),
        ("x.jsonld", b"{", r"x\.jsonld.*: not JSON-LD: "),
        ("x.rdf", b"<rdf", r"x\.rdf.*: not RDF/XML: "),
        ("x.ttl.gz", b"no gzip", r"x\.ttl\.gz: cannot be read: "),
    ],
)
@pytest.mark.parametrize(
    "command",
    [("validate",), ("export", "--format", "ttl"), ("query", "founders", "--on")],
    ids=lambda c: c[0],
)
def test_broken_data(
    run: Run, tmp_path: Path, command: tuple[str, ...], name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert re.search(message, one_line(run(*command, tmp_path / name), 3))


@pytest.mark.slow
def test_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"= A =\n\xff")
    call = [sys.executable, "-m", "lodkit", "build", "bad.txt", "-o", "x.trig"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 3
    assert (
        done.stderr
        == "lodkit: error: bad.txt: not UTF-8: byte 0xff at byte offset 6 (save the file as UTF-8)\n"
    )
    loud = subprocess.run([*call, "-vv"], cwd=tmp_path, capture_output=True, text=True)
    assert loud.returncode == 3
    assert "Traceback" in loud.stderr


def test_a_noun_of_no_class_before_a_title(run: Run, tmp_path: Path) -> None:
    text = '= Arvika Center =\n\nThe center "Arvika Center" is a flotilla.\n'
    (tmp_path / "article.txt").write_text(text, encoding="utf-8")
    done = run("build", tmp_path / "article.txt", "-o", tmp_path / "x.nq", "--no-validate")
    assert (done.code, "a defect" in done.err) == (0, False)
