"""What a terminal shows steers it in no way, whatever is in the data; files and pipes get the exact bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from lodkit import cli
from lodkit.cli.terminal import visible
from lodkit.query import Cell, Solutions, format_solutions, without_formulas
from lodkit.rdf import read

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty", reason="terminals of POSIX")

EVIL = (
    "\x1b[31mA\x1b]0;title\x07B\x9b2JC\x9d0;x\x9cD\x08\x08E\rF\x0bG\x0cH\x7fI\x85J"
    "\u202eK\u2066L\u200bM\u200fN\u2028O\ufeffP\U000e0041Q\x00R"
)
NAME = "ev\x1b[2J\x9b\u202eil"  # a file name holds no NUL
ALLOWED = {"\n", "\t"}
QUERY = "SELECT ?x ?y { ?x <http://e/p> ?y }"
LODKIT = [sys.executable, "-m", "lodkit"]


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that lodkit reads, full of what a terminal obeys."""
    folder = tmp_path_factory.mktemp("evil")
    text = EVIL.replace("\x00", "").replace("\r", "")
    (folder / f"{NAME}.txt").write_text(
        f"= Blue {text} =\n\nBlue {text}\n- Founder: Ada {text}\n- {text}: {text}\n\n"
        f"Blue {text} is a party. It was founded in {text} by Ada {text}.\n",
        encoding="utf-8",
    )
    subject = NamedNode("http://e/\u202ds")
    quads = [Quad(subject, NamedNode("http://e/p"), Literal(EVIL), NamedNode("http://e/g"))]
    quads += [
        Quad(
            NamedNode("https://w3id.org/lodkit/id/X"),
            NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            NamedNode("https://w3id.org/lodkit/movement#Person"),
            NamedNode("http://e/g"),
        ),
        Quad(
            NamedNode("https://w3id.org/lodkit/id/X"),
            NamedNode("https://schema.org/birthDate"),
            Literal(EVIL),
            NamedNode("http://e/g"),
        ),
    ]
    serialize(quads, str(folder / "x.nq"), RdfFormat.N_QUADS)
    serialize(quads, str(folder / f"{NAME}.nq"), RdfFormat.N_QUADS)
    (folder / "own.rq").write_text(QUERY, encoding="utf-8")
    (folder / f"{NAME}.rq").write_text(
        f"#+ summary: {EVIL[:-3]}\n#+ description: {EVIL[:-3]}\n{QUERY}", encoding="utf-8"
    )
    (folder / "broken.nq").write_text(f"<http://e/s> {EVIL} .\n", encoding="utf-8")
    (folder / "broken.rq").write_text(f"SELECT ?x {{ {EVIL} }}", encoding="utf-8")
    for part in ("ontology", "shapes", "queries"):
        (folder / NAME / part).mkdir(parents=True)
    (folder / NAME / "ontology" / f"{NAME}.ttl").write_text(f"{EVIL} a b .", encoding="utf-8")
    return folder


def shown(folder: Path, *arguments: str, **environment: str) -> str:
    """Run the command with a terminal as standard output and standard error, and return what that gets."""
    import termios
    import tty

    terminal, side = pty.openpty()
    tty.setraw(side, termios.TCSANOW)  # as it is written: no line ends made of others
    setting = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100", **environment}
    process = subprocess.Popen(
        [*LODKIT, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=side, stderr=side, env=setting
    )
    os.close(side)
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # Linux: the last one who had the other side open closed it
        pass
    os.close(terminal)
    assert process.wait(timeout=120) in range(7)
    return b"".join(parts).decode("utf-8")


def steering(text: str) -> set[str]:
    return {
        char
        for char in text
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in ALLOWED
    }


COMMANDS = [
    ["query", "own.rq", "--on", "x.nq", "--format", form] for form in ("table", "csv", "tsv", "json", "md")
] + [
    ["query", "own.rq", "--on", "x.nq"],
    ["query", f"{NAME}.rq", "--on", f"{NAME}.nq", "-v"],
    ["query", "broken.rq", "--on", "x.nq"],
    ["query", "broken.rq", "--on", "x.nq", "-vv"],
    ["query", "own.rq", "--on", "broken.nq"],
    ["query", NAME],
    ["query", "about", "-p", f"{NAME}=x", "--on", "x.nq"],
    ["query", "--domain", NAME],
    ["store", NAME],
    [NAME],
]
HEAVY = [
    *(["export", "x.nq", "--format", form] for form in ("ttl", "trig", "nt", "nq", "jsonld")),
    *(["build", f"{NAME}.txt", "--format", form] for form in ("ttl", "trig", "nt", "nq", "jsonld")),
    ["build", f"{NAME}.txt", "-v", "--no-validate", "-o", "y.nq"],
    ["build", f"{NAME}.txt", "--json", "-o", "y.nq"],
    ["build", f"{NAME}.txt", "--json"],
    ["validate", f"{NAME}.txt"],
    ["validate", f"{NAME}.nq"],
    ["validate", f"{NAME}.nq", "--json"],
    ["validate", "broken.nq"],
    ["check", "--domain", NAME],
    ["check", "--domain", NAME, "--json"],
    ["export", "x.nq", "--to", f"{NAME}/no/x.nq"],
]


def is_clean(folder: Path, arguments: list[str]) -> str:
    text = shown(folder, *arguments)
    assert text
    assert steering(text) == set()
    return text


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda value: ascii(" ".join(value)))
def test_nothing_steers_the_terminal(evil: Path, arguments: list[str]) -> None:
    is_clean(evil, arguments)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", HEAVY, ids=lambda value: ascii(" ".join(value)))
def test_nothing_steers_the_terminal_in_the_other_commands(evil: Path, arguments: list[str]) -> None:
    is_clean(evil, arguments)


@pytest.mark.slow
def test_only_colors_of_lodkit_are_there(evil: Path) -> None:
    text = shown(evil, "validate", f"{NAME}.nq", NO_COLOR="")
    colors = set(re.findall("\x1b\\[[0-9;]*m", text))
    assert colors <= {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1;32m", "\x1b[0m"}
    assert colors
    assert steering(re.sub("\x1b\\[[0-9;]*m", "", text)) == set()


@pytest.mark.slow
def test_a_store_shows_its_titles_without_them(evil: Path) -> None:
    shown(evil, "build", f"{NAME}.txt", "--into", "store", "--no-validate")
    for arguments in (["store", "store"], ["store", "store", "--json"]):
        assert "Blue" in is_clean(evil, arguments)
    shown(evil, "build", f"{NAME}.txt", "--into", "dumb", "-v", TERM="dumb")
    assert steering(shown(evil, "build", f"{NAME}.txt", "--into", "dumb", "-v", TERM="dumb")) == set()


def test_a_terminal_gets_what_it_can_show(evil: Path) -> None:
    (evil / "words.rq").write_text("SELECT ?x { VALUES ?x { 'M\u00e1laga' } }", encoding="utf-8")
    for encoding, word in (("ascii", "M\\xe1laga"), ("utf-8", "M\u00e1laga")):
        environment = {"PYTHONIOENCODING": encoding}
        assert word in shown(evil, "query", "words.rq", "--on", "x.nq", "--format", "csv", **environment)
        assert word in shown(evil, "query", "M\u00e1laga", **environment)


def test_json_on_a_terminal_is_the_same_json(evil: Path) -> None:
    text = is_clean(evil, ["query", "own.rq", "--on", "x.nq", "--json"])
    cells = json.loads(text)["results"]["bindings"][0]
    assert (cells["x"]["value"], cells["y"]["value"]) == ("http://e/\u202ds", EVIL)


@pytest.mark.slow
def test_rdf_on_a_terminal_shows_what_is_escaped(evil: Path) -> None:
    assert "\\u202e" in is_clean(evil, ["export", "x.nq", "--format", "nq"])
    text = is_clean(evil, ["export", "x.nq", "--format", "jsonld"])
    assert Literal(EVIL) in {quad.object for quad in read(text.encode(), "jsonld")}


def test_a_pipe_gets_the_exact_bytes(evil: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    arguments = ["query", str(evil / "own.rq"), "--on", str(evil / "x.nq"), "--format", "csv"]
    done = subprocess.run([*LODKIT, *arguments], capture_output=True)
    assert EVIL.encode() in done.stdout
    assert done.stdout.startswith(b"x,y\r\n")


@given(st.text())
def test_what_is_visible(text: str) -> None:
    assert steering(visible(text)) == set()
    assert visible(text, kept="").replace(" ", "x").isprintable() or any(
        unicodedata.category(char) in ("Zs", "Co", "Cn") for char in text
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_visible_as_json_is_the_same(text: str) -> None:
    value = json.dumps({"x": text}, ensure_ascii=False)
    assert json.loads(visible(value, as_json=True)) == {"x": text}


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1")
HARMLESS = ("a=1", "1-1", "'=1", " =1", "", "é", '"=1"')


def test_safe_csv() -> None:
    tagged, number = Literal("=x", language="en"), Literal("-5")
    cells: list[Cell] = [*map(Literal, (*FORMULAS, *HARMLESS)), tagged, number, NamedNode("x:="), None]
    solutions = Solutions(("x", "n"), tuple((cell, Literal("1")) for cell in cells))
    expected = [*(f"'{text}" for text in FORMULAS), *HARMLESS, "'=x", "'-5", "x:=", ""]
    safe = format_solutions(without_formulas(solutions), "csv")
    assert [row[0] for row in csv.reader(io.StringIO(safe, newline=""))][1:] == expected
    lines = format_solutions(without_formulas(solutions), "tsv").splitlines()[1:]
    assert [line[:2] == "\"'" for line in lines] == [text.startswith("'") for text in expected]
    for form in ("csv", "tsv"):
        assert "'=1+1" not in format_solutions(solutions, form)


def test_safe_csv_of_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, query = tmp_path / "x.nq", tmp_path / "own.rq"
    data.write_text('<http://e/s> <http://e/p> "=1+1" .\n', encoding="utf-8")
    query.write_text("SELECT ?y { ?x <http://e/p> ?y }", encoding="utf-8")
    ask = ["query", str(query), "--on", str(data)]
    for more, expected in ((["--safe-csv"], "y\n'=1+1\n"), ([], "y\n=1+1\n")):
        assert cli.main([*ask, *more]) == 0
        assert capsys.readouterr().out.replace("\r\n", "\n") == expected
    for form in ("json", "md", "table"):
        assert cli.main([*ask, "--safe-csv", "--format", form]) == 2
        assert "--safe-csv is for csv and tsv" in capsys.readouterr().err
    assert cli.main(["store", str(tmp_path), "--safe-csv", "--json"]) == 2
