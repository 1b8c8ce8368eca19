"""What ``lodkit query`` shows people: labels, IRIs, widths, terminals of all kinds, and the formats of tables."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.sampled import mostly_slow

from lodkit import cli
from lodkit.query import catalogue, light_domain
from lodkit.query.layout import columns_of, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
QUERIES = {
    name: [
        f"-p{one.name}={'Peace Now' if one.type == 'iri' else 'x'}"
        for one in query.parameters
        if one.required
    ]
    for name, query in catalogue(light_domain(None)).items()
}


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    def show(*arguments: str, columns: int = 80, term: str = "xterm", code: int = 0) -> str:
        screen = Terminal()
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", term)
        monkeypatch.setattr(sys, "stdout", screen)
        assert cli.main(["query", *arguments]) == code
        return screen.getvalue()

    return show


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "columns"), mostly_slow((name, columns) for name in sorted(QUERIES) for columns in (60, 80, 140))
)
def test_a_table_is_as_wide_as_the_terminal(name: str, columns: int, shown: Callable[..., str]) -> None:
    text = shown(name, *QUERIES[name], columns=columns)
    assert max(map(columns_of, text.splitlines()), default=0) <= columns


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_the_list_of_queries_is_as_wide_as_the_terminal(columns: int, shown: Callable[..., str]) -> None:
    assert max(map(columns_of, shown(columns=columns).splitlines())) <= columns


def test_no_word_is_broken_where_there_is_room() -> None:
    rows = [[f"column{number}" for number in range(7)], [f"word{number}" for number in range(7)]]
    assert "word3" in lay_out(rows, [], 20)
    assert lay_out(rows, [], 20).splitlines()[:2] == ["column  word0", "0"]
    assert len(lay_out(rows, [], 80).splitlines()) == 3


@pytest.mark.parametrize("term", ["dumb", "xterm", ""])
def test_every_terminal_gets_a_table(term: str, shown: Callable[..., str]) -> None:
    text = shown("founders", term=term)
    assert "──" in text
    assert "[1] id:" in text


def test_iris_stand_below_or_beside_or_alone(shown: Callable[..., str]) -> None:
    below, beside, alone = (shown("founders", *flags) for flags in ([], ["--iris"], ["--no-labels"]))
    assert ("Peace Now [1]" in below, "(id:Peace_Now)" in below) == (True, False)
    assert ("Peace Now [1]" in beside, "(id:Peace_Now)" in beside) == (False, True)
    assert ("[1]" in alone, "id:Peace_Now" in alone) == (False, True)


def head(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert cli.main(["query", *arguments]) == 0
    return next(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))


OWN = "SELECT ?founded ?founder ?date { ?founded schema:founder ?founder ; schema:foundingDate ?date }"
HEADS = {
    (): "founded founder date",
    ("--labels",): "founded foundedLabel founder founderLabel date",
    ("--evidence",): "founded founder date evidence evidenceQuote evidenceSource",
    ("--evidence", "--labels"): (
        "founded foundedLabel founder founderLabel date evidence evidenceQuote evidenceSource"
    ),
}


@pytest.mark.parametrize("flags", mostly_slow([(flags,) for flags in HEADS]), ids=" ".join)
def test_columns_of_csv(flags: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert head(OWN, *flags, capsys=capsys) == HEADS[flags].split()


def test_csv_has_the_quotes_and_where_they_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["query", "founders", "--evidence"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert len(rows) > 5
    for row in rows:
        cites, quotes, sources = (row[name].split("\n") for name in row if name.startswith("evidence"))
        assert all(cite.endswith(f' "{quote}"') for cite, quote in zip(cites, quotes, strict=True))
        assert all(source.startswith("https://en.wikipedia.org/wiki/") for source in sources)
        assert len(sources) == len(quotes)


REFUSED = {
    ("founders", "--format", "xlsx"): "a workbook is no text for a terminal (add > FILE.xlsx)",
    ("CONSTRUCT { ?a a ?b } { ?a a ?b }", "--labels"): "--labels is for tables",
    (
        "founders",
        "--format",
        "ttl",
    ): "the answer to SELECT is no graph (table, csv, tsv, json, md, html or xlsx",
    ("founders", "--safe-csv", "--format", "html"): "--safe-csv is for csv and tsv",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_does_not_fit_is_refused(
    arguments: tuple[str, ...], shown: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(*arguments, code=2) == ""
    assert REFUSED[arguments] in capsys.readouterr().err


def test_safe_cells_are_safe_with_labels_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "x.nt"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    data.write_text(f'<http://e/a> {label} "=1+1" .\n<http://e/a> <http://e/p> "@x" .\n', encoding="utf-8")
    command = ["query", "SELECT ?a ?b { ?a <http://e/p> ?b }", "--on", str(data), "--labels", "--safe-csv"]
    assert cli.main(command) == 0
    assert capsys.readouterr().out == "a,aLabel,b\r\nhttp://e/a,'=1+1,'@x\r\n"


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 140])
def test_help_is_as_wide_as_the_terminal(columns: int) -> None:
    """But for the examples, which are to be copied."""
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    lines = {
        command: subprocess.run(
            [sys.executable, "-m", "lodkit", *command.split(), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        ).stdout.splitlines()
        for command in ("", "query")
    }
    for text in lines.values():
        prose = [line for line in text if "lodkit " not in line]
        assert max(map(len, prose)) <= columns
    assert max(map(len, lines["query"])) > columns * 0.85
