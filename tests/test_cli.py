"""The command line: arguments in, text and exit code out."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat

import lodkit
from lodkit import cli
from lodkit.cli import terminal
from lodkit.domain import Domain, read_domain

ROOT = Path(__file__).parent.parent
ARTICLE = "https://w3id.org/lodkit/article/"
EXTENSIONS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
FIRST = """= Blue Lantern =

Blue Lantern
- Founded: 1996
- Founder: Ada Lund
- Wobble: 12

Blue Lantern is a political party in Norland. It was founded in Arvika by Ada Lund.
"""
SECOND = """= Red Harbour Union =

Red Harbour Union
- Founded: 30 February 1921

The Red Harbour Union is a trade union. It was founded by Eva Berg.
"""
BROKEN = "<https://w3id.org/lodkit/id/X> a <https://w3id.org/lodkit/movement#Person> .\n"


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that a failed run prints."""
        assert (self.out, self.err.count("\n"), self.err.startswith("lodkit: error: ")) == ("", 1, True), self
        return self.err


Run = Callable[..., Done]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two articles, the working folder of the run."""
    (tmp_path / "blue.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "red.txt").write_text(SECOND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    folder: Path, domain: Domain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run the command in this process, the bundled domain read once."""
    from lodkit.cli import build, validate

    for module in (build, validate):
        monkeypatch.setattr(
            module, "read_domain", lambda place=None: domain if place is None else read_domain(place)
        )

    def call(*arguments: str | Path, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin.encode()))))
        return Done(cli.main([str(argument) for argument in arguments]), *capsys.readouterr())

    return call


def quads(path: str | Path, form: RdfFormat | None = None) -> list[Quad]:
    return list(pyoxigraph.parse(Path(path).read_bytes(), form or EXTENSIONS[Path(path).suffix[1:]]))


def graphs(path: str | Path) -> set[str]:
    return {str(getattr(quad.graph_name, "value", "")) for quad in quads(path)}


# ---- start


def test_version(run: Run) -> None:
    assert run("--version") == Done(0, f"lodkit {lodkit.__version__}\n", "")
    assert run("-v", "--version").out == f"lodkit {lodkit.__version__}\n"


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    setting = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=setting, cwd="/"
    )


def test_version_loads_nothing_else() -> None:
    code = "import sys; from lodkit.cli import main; main(['--version']); print(*(m for m in sys.modules if m[:6] in ('lodkit', 'typer')))"
    assert python(code).stdout.splitlines()[1].split() == ["lodkit", "lodkit.cli"]


HEAVY = "{'rdflib', 'pyshacl', 'SPARQLWrapper', 'pyld', 'rich', 'pydantic'}"


def test_import_of_the_package_is_light() -> None:
    assert (
        python(
            f"import lodkit, sys; print(*({HEAVY} | {{'pyoxigraph', 'typer'}}) & set(sys.modules))"
        ).stdout.split()
        == []
    )


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["build", "--help"], ["query"], ["query", "founders", "--on", "@"]],
    ids=" ".join,
)
@pytest.mark.slow
def test_light_commands_load_nothing_heavy(folder: Path, arguments: list[str]) -> None:
    (folder / "x.ttl").write_text(BROKEN, encoding="utf-8")
    arguments = [str(folder / "x.ttl") if argument == "@" else argument for argument in arguments]
    code = f"import sys; from lodkit.cli import main; code = main(sys.argv[1:]); print(code, *{HEAVY} & set(sys.modules))"
    assert python(code, *arguments).stdout.splitlines()[-1].split() == ["0"]


def test_help(run: Run) -> None:
    assert run().out == run("--help").out == run("-h").out
    for command in ("build", "validate", "query", "export", "load", "store", "check"):
        assert command in run("--help").out
        shown = run(command, "--help")
        assert (shown.code, shown.err) == (0, "")
        assert f"\n    lodkit {command}" in shown.out
        assert max(map(len, shown.out.splitlines())) <= 80


def test_documented_options_exist(run: Run) -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    lines = re.findall(r"^ {4}lodkit (build|validate|query|export|check)\b([^#|\n]*)", text, re.MULTILINE)
    assert len(lines) > 30
    for command, rest in lines:
        shown = run(command, "--help").out
        assert [
            word for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest) if not re.search(rf"{word}\b", shown)
        ] == []


def test_module_and_command_are_the_same() -> None:
    called = subprocess.run([sys.executable, "-m", "lodkit", "--version"], capture_output=True, text=True)
    assert called.stdout == f"lodkit {lodkit.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "No such command 'bild'"),
        (["build"], "Missing argument"),
        (["build", "blue.txt", "--wobble"], "No such option"),
        (["build", "blue.txt", "--format", "xml"], "'xml' is not one of"),
        (["build", "blue.txt", "-o", "x.doc"], "x.doc: no RDF format has this extension"),
        (
            ["build", "blue.txt", "-o", "blue.txt", "--format", "ttl"],
            "blue.txt: would write over the article",
        ),
        (["build", "blue.txt", "--base", "no iri"], "--base 'no iri' is no IRI"),
        (["build", "blue.txt", "--base", "https://example.org/x"], "does not end in / (write"),
        (["build", "blue.txt", "--strict", "--no-validate"], "contradict each other"),
        (["validate", "blue.txt", "--article", "blue.txt"], "--article goes with RDF"),
        (["query", "wobble"], "wobble: no such query (there are: about,"),
        (["query", "-p", "x=1"], "no query is named"),
        (["query", "founders", "-p", "x"], "not a parameter: 'x'"),
        (["query", "founders", "-p", "x=1", "--on", "x.ttl"], "x: founders has no such parameter"),
        (["query", "about", "--on", "x.ttl"], "entity: about needs this parameter"),
        (
            ["query", "founders", "--on", "https://ada:secret@example.org/sparql"],
            "https://example.org/sparql: an address with a user or",
        ),
        (["query", "founders", "--on", "ftp://example.org/"], "ftp://example.org/: no address of a store"),
        (["query", "founders", "--on", "http://127.0.0.1:1/", "--on", "x.ttl"], "a store is asked alone"),
        (["load", "x.ttl", "--into", "store", "--profile", "virtuoso"], "store: --profile is for servers"),
        (["load", "x.ttl", "--into", "store", "--dry-run"], "store: --dry-run is for servers"),
        (["load", "blue.txt", "--into", "store"], "blue.txt: is no RDF by its extension"),
        (["load", "-", "--into", "store"], "say what it is with --from"),
        (["export", "x.ttl"], "no format to export to"),
        (["export", "-", "--format", "ttl"], "say what it is with --from"),
        (["export", "blue.txt", "--format", "ttl"], "blue.txt: is no RDF by its extension"),
        (["check", "--usage"], "--usage needs articles"),
        (["check", "blue.txt"], "articles are for --usage"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_usage_errors_are_one_line(run: Run, folder: Path, arguments: list[str], message: str) -> None:
    (folder / "x.ttl").write_text(BROKEN, encoding="utf-8")
    done = run(*arguments)
    assert done.code == 2
    assert message in done.error
    assert (folder / "blue.txt").read_text(encoding="utf-8") == FIRST


def test_a_defect_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from lodkit.cli import build

    monkeypatch.setattr(build, "build_pages", lambda *_, **__: 1 / 0)
    assert (
        run("build", "blue.txt").code,
        "a defect in lodkit, ZeroDivisionError" in run("build", "blue.txt").error,
    ) == (70, True)
    assert "Traceback" in run("-vv", "build", "blue.txt").err
    assert "Traceback" in run("build", "blue.txt", "-vv").err


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from lodkit.cli import build

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "build_pages", interrupt)
    assert run("build", "blue.txt", "-o", "x.nq") == Done(130, "", "lodkit: interrupted\n")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_interrupted_by_a_signal(folder: Path) -> None:
    (folder / "long.txt").write_text(
        "= Blue Lantern =\n\n" + "It was founded by Ada Lund in Arvika. " * 30_000, encoding="utf-8"
    )
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from lodkit.cli import main; sys.exit(main())"
    call = [sys.executable, "-c", code, "build", "long.txt", "-o", "x.nq"]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "lodkit: interrupted\n")
    assert {path.name for path in folder.iterdir()} == {"blue.txt", "red.txt", "long.txt"}


@pytest.mark.slow
def test_reader_that_stops_early(folder: Path, sample: Path) -> None:
    command = f'"{sys.executable}" -m lodkit build "{sample}" --no-validate --with-text | head -c 10; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "@prefix ar0"
    assert "rror" not in done.stderr


# ---- build


@pytest.mark.parametrize("form", EXTENSIONS)
@pytest.mark.slow
def test_build_in_every_format(run: Run, form: str) -> None:
    assert run("build", "blue.txt", "-o", f"x.{form}").out == ""
    assert run("build", "blue.txt", "--format", form).out.encode() == Path(f"x.{form}").read_bytes()
    with_graphs = form in ("trig", "nq", "jsonld")
    names = {f"{ARTICLE}Blue_Lantern#facts", f"{ARTICLE}Blue_Lantern#evidence"}
    assert graphs(f"x.{form}") == (names if with_graphs else {""})
    run("build", "blue.txt", "-o", f"all.{form}", "--evidence")
    run("build", "blue.txt", "-o", f"facts.{form}", "--no-evidence")
    everything, only_facts = (
        {(q.subject, q.predicate, q.object) for q in quads(f"{name}.{form}")} for name in ("all", "facts")
    )
    assert only_facts < everything
    assert {(q.subject, q.predicate, q.object) for q in quads(f"x.{form}")} == (
        everything if with_graphs else only_facts
    )


@pytest.mark.parametrize(("ending", "unpack"), [("gz", gzip.decompress), ("bz2", bz2.decompress)])
def test_build_compressed(run: Run, folder: Path, ending: str, unpack: Callable[[bytes], bytes]) -> None:
    pack = gzip.compress if ending == "gz" else bz2.compress
    Path(f"blue.txt.{ending}").write_bytes(pack(FIRST.encode()))
    run("build", "blue.txt", "-o", "x.nq", "--no-validate")
    run("build", f"blue.txt.{ending}", "-o", f"x.nq.{ending}", "--no-validate")
    packed = unpack(Path(f"x.nq.{ending}").read_bytes()).decode().replace(f"blue.txt.{ending}", "blue.txt")
    assert packed == Path("x.nq").read_text("utf-8")


def test_build_from_standard_input(run: Run) -> None:
    done = run("build", "-", "--no-evidence", stdin=FIRST)
    assert (done.code, done.out) == (0, run("build", "blue.txt", "--no-evidence").out)


def test_build_several_into_one_file(run: Run) -> None:
    assert run("build", "red.txt", "blue.txt", "-o", "x.trig").code == 0
    text = Path("x.trig").read_text("utf-8")
    assert text.index(f"@base <{ARTICLE}Blue_Lantern>") < text.index(f"@base <{ARTICLE}Red_Harbour_Union>")
    assert len(graphs("x.trig")) == 4


@pytest.mark.parametrize("target", ["new/graphs/", "old"])
def test_build_several_into_a_folder(run: Run, target: str) -> None:
    Path("old").mkdir()
    assert run("build", "red.txt", "blue.txt", "-o", target, "--format", "nq").code == 0
    assert sorted(path.name for path in Path(target).iterdir()) == ["Blue_Lantern.nq", "Red_Harbour_Union.nq"]


def test_build_loses_nothing_in_silence(run: Run) -> None:
    done = run("build", "blue.txt", "red.txt", "-o", "x.nq", "--no-validate")
    summary = done.err.splitlines()[-1]
    assert re.match(
        r"2 articles: \d+ facts from \d+ statements \(\d+ asserted, 1 rejected\); rows: 2 to facts, 1 refused, "
        r"1 without a rule; not understood: 1 row without a rule, ",
        summary,
    )
    detailed = run("build", "blue.txt", "red.txt", "-o", "x.nq", "--no-validate", "-v").err
    assert "blue.txt:6:1: row without a rule: - Wobble: 12" in detailed
    assert "red.txt:4:12: rejected: Founded: 30 February 1921" in detailed


def test_build_summary_as_json(run: Run) -> None:
    done = run("build", "blue.txt", "missing.txt", "-o", "x.nq", "--json")
    summary = json.loads(done.out)
    assert (done.code, summary["exitCode"], done.err) == (5, 5, "")
    assert (summary["articles"], summary["written"], len(summary["errors"])) == (1, ["x.nq"], 1)
    assert summary["notUnderstood"]["row"] == 1
    assert summary["reports"][0]["conforms"] is True
    beside = run("build", "blue.txt", "--json", "--format", "nq")
    assert json.loads(beside.err)["articles"] == 1
    assert beside.out == Path("x.nq").read_text("utf-8")


def test_build_with_text(run: Run) -> None:
    assert FIRST not in str(quads_of(run("build", "blue.txt", "-f", "nq", "--no-validate").out))
    assert FIRST in quads_of(run("build", "blue.txt", "-f", "nq", "--no-validate", "--with-text").out)


def quads_of(text: str) -> set[str]:
    return {str(getattr(quad.object, "value", "")) for quad in pyoxigraph.parse(text, RdfFormat.N_QUADS)}


BAD_SHAPE = """
shape:Organization sh:property shape:Organization-wobble .
shape:Organization-wobble a sh:PropertyShape ; sh:path <https://schema.org/award> ; sh:minCount 1 ; sh:message "No award." .
"""


@pytest.fixture
def demanding(folder: Path) -> Path:
    """A domain whose shapes the articles violate."""
    import shutil

    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / "domain" / part)
    path = folder / "domain" / "shapes" / "movement.ttl"
    path.write_text(path.read_text("utf-8") + BAD_SHAPE, encoding="utf-8")
    return folder / "domain"


@pytest.mark.slow
def test_build_writes_what_does_not_conform_unless_strict(run: Run, demanding: Path) -> None:
    done = run("build", "blue.txt", "-o", "x.trig", "--domain", demanding)
    assert (done.code, Path("x.trig").exists()) == (1, True)
    assert re.search(r"^blue\.txt:\d+:\d+: violation: No award\.$", done.err, re.MULTILINE)
    assert done.err.splitlines()[-1].endswith("does not conform")
    for target in ("strict.trig", "strict/"):
        strict = run("build", "blue.txt", "red.txt", "-o", target, "--strict", "--domain", demanding)
        assert (strict.code, Path(target).exists()) == (1, False)
        assert "nothing was written" in strict.err


def test_build_strict_writes_what_conforms(run: Run) -> None:
    assert run("build", "blue.txt", "--strict", "-o", "strict/").code == 0
    assert [path.name for path in Path("strict").iterdir()] == ["Blue_Lantern.trig"]


def test_cannot_write(run: Run, folder: Path) -> None:
    done = run("build", "blue.txt", "-o", "missing/x.trig", "--no-validate")
    assert done.code == 4
    assert "missing/x.trig: cannot be written" in done.error


# ---- validate


@pytest.mark.slow
def test_validate(run: Run, demanding: Path) -> None:
    run("build", "blue.txt", "-o", "x.trig", "--no-validate")
    done = run("validate", "blue.txt")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"conforms: .*\d+ nodes checked\n", done.out)
    assert (
        run("validate", "x.trig").code
        == run("validate", "-", "--from", "trig", stdin=Path("x.trig").read_text("utf-8")).code
        == 0
    )
    text, data, located = (
        run("validate", *arguments, "--domain", demanding)
        for arguments in (["blue.txt"], ["x.trig"], ["x.trig", "--article", "blue.txt"])
    )
    assert text.code == data.code == located.code == 1
    assert "blue.txt:" in text.out
    assert "^^^" in text.out
    assert "^^^" not in data.out
    assert "^^^" in located.out


@pytest.mark.slow
def test_validate_without_evidence_says_so(run: Run, demanding: Path) -> None:
    run("build", "blue.txt", "-o", "x.ttl", "--no-validate")
    done = run("validate", "x.ttl", "--domain", demanding)
    assert (done.code, "no evidence in this data" in done.out) == (1, True)


def test_validate_nothing_checked(run: Run) -> None:
    Path("x.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    done = run("validate", "x.ttl")
    assert (done.code, "nothing was checked" in done.out) == (1, True)


def test_validate_several(run: Run) -> None:
    Path("x.ttl").write_text(BROKEN, encoding="utf-8")
    done = run("validate", "blue.txt", "x.ttl", "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["conforms"]) == (1, False)
    assert [(file["file"], file["conforms"]) for file in answer["files"]] == [
        ("blue.txt", True),
        ("x.ttl", False),
    ]
    done = run("validate", "blue.txt", "missing.ttl")
    assert (done.code, done.err) == (5, "lodkit: error: missing.ttl: no such file\n")
    assert done.out.startswith("blue.txt: conforms")


# ---- query


@pytest.fixture
def built(run: Run) -> str:
    assert run("build", "blue.txt", "red.txt", "-o", "graphs/", "--no-validate").code == 0
    return "graphs"


def test_query_lists(run: Run) -> None:
    listed = run("query").out
    assert re.search(r"^  founders +Who founded what$", listed, re.MULTILINE)
    names = {query["name"] for query in json.loads(run("query", "--json").out)}
    assert names == {path.stem for path in (ROOT / "queries").glob("*.rq")}
    assert all(f"\n  {name} " in f"\n{listed}" for name in names)


@pytest.mark.slow
def test_query_formats(run: Run, built: str) -> None:
    csv = run("query", "founders", "--on", built)
    assert csv.out.startswith("founded,foundedLabel,founder,founderLabel,date,article")
    assert "https://w3id.org/lodkit/id/Blue_Lantern/Ada_Lund" in csv.out
    assert run("query", "founders", "--on", built, "--format", "csv") == csv
    assert run("query", "founders", "--on", built, "--format", "tsv").out.startswith(
        "?founded\t?foundedLabel\t"
    )
    rows = json.loads(run("query", "founders", "--on", built, "--json").out)["results"]["bindings"]
    assert {row["founder"]["value"].rpartition("/")[2] for row in rows} == {"Ada_Lund", "Eva_Berg"}
    table = run("query", "founders", "--on", built, "--format", "table").out
    assert "Ada Lund" in table
    assert max(map(len, table.splitlines())) <= 80
    assert run("query", "founders", "--on", built, "--format", "md").out.startswith("| founded |")


def test_query_prints_a_table_on_a_terminal(run: Run, built: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["query", "founders", "--on", built]) == 0
    assert "Ada Lund" in screen.getvalue()
    assert "──" in screen.getvalue()
    assert max(map(len, screen.getvalue().splitlines())) <= 60


def test_query_cites(run: Run, built: str) -> None:
    done = run("query", "founders", "--on", built, "--evidence")
    assert 'blue.txt:5:12 ""Founder: Ada Lund""' in done.out


def test_query_parameters(run: Run, built: str) -> None:
    by_name = run("query", "about", "-p", "entity=Blue Lantern", "--on", built)
    assert by_name.code == 0
    assert "Ada_Lund" in by_name.out
    assert (
        run("query", "about", "-p", "entity=id:Blue_Lantern", "--on", f"{built}/Blue_Lantern.trig").out
        == by_name.out
    )
    nothing = run("query", "about", "-p", "entity=Nobody", "--on", built)
    assert (nothing.code, "nothing is named 'Nobody'" in nothing.error) == (2, True)
    assert "-p entity=" in run("query", "about", "-p", "entity=Blue Lantern", "--on", built, "-v").err


def test_query_of_ones_own(run: Run, built: str) -> None:
    Path("own.rq").write_text(
        "SELECT ?s { ?s <https://schema.org/founder> ?o } ORDER BY ?s", encoding="utf-8"
    )
    assert run("query", "own.rq", "--on", built).out.splitlines()[1:] == [
        "https://w3id.org/lodkit/id/Blue_Lantern",
        "https://w3id.org/lodkit/id/Red_Harbour_Union",
    ]
    Path("ask.rq").write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    assert run("query", "ask.rq", "--on", built).out.splitlines() == ["boolean", "true"]
    Path("bad.rq").write_text("SELECT ?s {\n ?s ?p }", encoding="utf-8")
    assert (
        run("query", "bad.rq", "--on", built).code,
        "bad.rq:2:" in run("query", "bad.rq", "--on", built).error,
    ) == (2, True)
    Path("far.rq").write_text("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", encoding="utf-8")
    assert "another computer" in run("query", "far.rq", "--on", built).error


def test_query_without_rows_says_so(run: Run, built: str) -> None:
    done = run("query", "works", "--on", f"{built}/Blue_Lantern.trig")
    assert (done.code, done.out.count("\n"), done.err) == (0, 1, "lodkit: no rows\n")


def test_query_on_a_store(run: Run, built: str) -> None:
    from lodkit.store import Store

    store = Store("store")
    store.add(quads(f"{built}/Blue_Lantern.trig"))
    del store
    assert "Ada_Lund" in run("query", "founders", "--on", "store").out


def test_query_on_standard_input_is_refused(run: Run) -> None:
    assert run("query", "founders", "--on", "-").code == 2


def test_query_on_an_empty_folder(run: Run) -> None:
    Path("empty").mkdir()
    done = run("query", "founders", "--on", "empty")
    assert (done.code, "no RDF in this folder" in done.error) == (3, True)


@pytest.mark.skipif(not list((ROOT / "data" / "graphs").glob("*.nq")), reason="make graphs has not been run")
def test_query_on_the_bundled_graphs_from_any_folder(run: Run) -> None:
    assert run("query", "founders").out.count("\n") > 3


# ---- export


@pytest.mark.parametrize("form", ["trig", "nq", "jsonld"])
def test_export_there_and_back(run: Run, form: str) -> None:
    run("build", "blue.txt", "-o", "x.nq", "--no-validate")
    assert run("export", "x.nq", "--to", f"y.{form}") == Done(0, "", "")
    assert run("export", f"y.{form}", "--format", "nq").out == Path("x.nq").read_text("utf-8")


def test_export_of_facts(run: Run) -> None:
    run("build", "blue.txt", "-o", "x.trig", "--no-validate")
    for name, arguments in {"facts": [], "all": ["--evidence"]}.items():
        run("export", "x.trig", "--to", f"{name}.ttl", *arguments)
        run("build", "blue.txt", "-o", f"built-{name}.ttl", "--no-validate", *arguments)
        assert Path(f"{name}.ttl").read_bytes() == Path(f"built-{name}.ttl").read_bytes()
    assert {quad.graph_name for quad in quads("all.ttl")} == {DefaultGraph()}
    piped = run("export", "-", "--from", "trig", "--format", "ttl", stdin=Path("x.trig").read_text("utf-8"))
    assert piped.out == Path("facts.ttl").read_text("utf-8")


# ---- check


@pytest.mark.slow
def test_check_usage(run: Run, small: Path) -> None:
    done = run("check", "--domain", small, "--usage", "blue.txt", "red.txt")
    assert done.code == 0, done.out
    assert re.search(r"^ +4 statements in +2 articles  phrase:founded$", done.out, re.MULTILINE)
    assert "1 of 2 phrases are of use (50 %), 1 more say why not" in done.out
    answer = json.loads(run("--domain", small, "check", "--usage", "blue.txt", "--json").out)
    assert answer["problems"] == []
    assert {"rule": "phrase:sunk", "statements": 0, "articles": 0, "reason": "Rare."} in answer["usage"]


@pytest.fixture
def small(folder: Path) -> Path:
    """A domain of one class."""
    domain = folder / "small"
    for part in ("ontology", "shapes", "queries"):
        (domain / part).mkdir(parents=True)
    (domain / "ontology" / "small.ttl").write_text(SMALL, encoding="utf-8")
    (domain / "shapes" / "small.ttl").write_text(SMALL_SHAPES, encoding="utf-8")
    return domain


NAMESPACES = {
    "x": "https://example.org/x#",
    "shape": "https://example.org/shapes#",
    "phrase": "https://example.org/phrase#",
    "noun": "https://example.org/noun#",
    "lk": "https://w3id.org/lodkit/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
}
PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMESPACES.items())
SMALL = (
    PREFIXES
    + """
x: a owl:Ontology .
x:Body a owl:Class ; rdfs:label "body"@en . x:Person a owl:Class ; rdfs:label "person"@en .
x:founder a owl:ObjectProperty ; rdfs:label "founder"@en .
noun:party a lk:NounRule ; lk:fills x:Body ; lk:form "party", "political party", "union", "trade union" .
phrase:founded a lk:Phrase ; lk:fills shape:Body ; lk:pattern "{this} be founded ~ by {founder}" ;
  lk:example "[It]{this} was founded by [Ada Lund]{founder}." .
phrase:sunk a lk:Phrase ; lk:fills shape:Body ; lk:pattern "{this} be sunk ~ by {founder}" ; lk:unused "Rare." ;
  lk:example "[It]{this} was sunk by [Ada Lund]{founder}." .
"""
)
SMALL_SHAPES = (
    PREFIXES
    + """
shape:Body a sh:NodeShape ; sh:targetClass x:Body ; sh:name "body"@en ; sh:description "A body."@en ; sh:property shape:Body-founder .
shape:Body-founder a sh:PropertyShape ; sh:path x:founder ; sh:class x:Person ; sh:name "founder"@en ; sh:description "Who founded it."@en ;
  sh:message "A founder is a person."@en ; sh:severity sh:Violation .
shape:Person a sh:NodeShape ; sh:targetClass x:Person ; sh:name "person"@en ; sh:description "A person."@en ;
  sh:property shape:Person-label .
shape:Person-label a sh:PropertyShape ; sh:path rdfs:label ; sh:datatype rdf:langString ; sh:name "label"@en ;
  sh:description "Its name."@en ;
  sh:message "A name is words."@en ; sh:severity sh:Violation .
"""
)


# ---- terminal


def test_messages_cannot_steer_the_terminal(run: Run) -> None:
    done = run("build", "no\x1b[31m\u202e\u0085file.txt")
    assert r"no\x1b[31m\u202e\x85file.txt" in done.error


def test_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert (terminal.has_color(Terminal()), terminal.has_color(io.StringIO())) == (True, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.has_color(Terminal()) is False
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert terminal.has_color(Terminal()) is False


def test_progress_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stream, total, shown in ((io.StringIO(), 3, False), (Terminal(), 1, False), (Terminal(), 3, True)):
        monkeypatch.setattr(sys, "stderr", stream)
        with terminal.progress("Building", total) as advance:
            for _ in range(total):
                advance()
        assert ("Building" in stream.getvalue()) is shown


@pytest.mark.slow
def test_no_color_in_a_pipe_or_a_c_locale(folder: Path) -> None:
    code = "import sys; from lodkit.cli import main; main(['validate', sys.argv[1]])"
    done = python(code, str(folder / "blue.txt"), LC_ALL="C", TERM="xterm")
    assert ("\x1b" in done.stdout + done.stderr, done.stderr) == (False, "")


# ---- Python


@pytest.mark.slow
def test_graph_in_one_call(folder: Path) -> None:
    import rdflib

    graph = lodkit.read_graph("blue.txt")
    founder = rdflib.URIRef("https://schema.org/founder")
    assert set(graph.subject_objects(founder)) == {
        (
            rdflib.URIRef("https://w3id.org/lodkit/id/Blue_Lantern"),
            rdflib.URIRef("https://w3id.org/lodkit/id/Blue_Lantern/Ada_Lund"),
        )
    }
    assert graph.namespace_manager.curie(founder) == "schema:founder"


@pytest.mark.slow
def test_dataset_in_one_call(folder: Path) -> None:
    import rdflib

    dataset = lodkit.read_dataset("red.txt", folder / "blue.txt")
    names = {
        f"{ARTICLE}{name}#{part}"
        for name in ("Blue_Lantern", "Red_Harbour_Union")
        for part in ("facts", "evidence")
    }
    assert {str(graph.identifier) for graph in dataset.graphs() if len(graph)} >= names
    graph = dataset.graph(rdflib.URIRef(f"{ARTICLE}Blue_Lantern#facts"))
    assert set(graph) == set(lodkit.read_graph("blue.txt"))
    with pytest.raises(lodkit.errors.InputError, match=r"blue\.txt:1: has the title of"):
        lodkit.read_graph("blue.txt", "blue.txt")


def test_the_package_says_what_it_offers() -> None:
    assert {"read_graph", "read_dataset", "__version__"} <= set(dir(lodkit))
    with pytest.raises(AttributeError, match="wobble"):
        lodkit.wobble  # noqa: B018


COMPLETIONS = {
    "lodkit qu": "query",
    "lodkit export --f": "--format\n--from",
    "lodkit load x.nq --into s --layout m": "merged",
}


@pytest.mark.parametrize("words", COMPLETIONS)
def test_a_shell_gets_what_may_come_next(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_LODKIT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    with pytest.raises(SystemExit) as stop:
        cli.main([])
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == COMPLETIONS[words]


# ---- wikitext

WIKITEXT = """{{Infobox political party
| founder = [[Ada Lund]]
}}
'''Blue Lantern''' is a party.{{some template}}
"""


def test_build_wikitext(run: Run, folder: Path) -> None:
    (folder / "Blue_Lantern.wiki").write_text(WIKITEXT, encoding="utf-8")
    done = run("build", folder / "Blue_Lantern.wiki", "-o", folder / "out.nq", "-v")
    assert (done.code, done.out) == (0, "")
    assert "left out: 1 template of unknown meaning; conforms" in done.err
    left_out = "template of unknown meaning: some template (no rule says what this template means)"
    assert f"Blue_Lantern.wiki:4:31: {left_out}" in done.err
    said = [str(quad.object) for quad in quads(folder / "out.nq") if quad.predicate.value.endswith("#readAs")]
    assert said == ['"wikitext"']


def test_wikitext_on_standard_input_needs_a_title(run: Run) -> None:
    done = run("build", "-", stdin=WIKITEXT)
    assert (done.code, done.out) == (3, "")
    assert done.err == 'lodkit: error: -: this wikitext has no title (say it with --title "Title")\n'
    done = run("build", "-", "--title", "Blue Lantern", "--format", "ttl", stdin=WIKITEXT)
    assert done.code == 0
    assert "schema:founder id:Ada_Lund" in done.out


def test_from_says_what_articles_are(run: Run, folder: Path) -> None:
    (folder / "a.txt").write_text(
        "= Blue Lantern =\n\nIt is a party founded by [[Ada Lund]].\n", encoding="utf-8"
    )
    done = run("build", folder / "a.txt", "--from", "wikitext", "--format", "ttl")
    assert "id:Ada_Lund" in done.out
    assert "lamp" not in run("build", folder / "a.txt", "--from", "plain", "--format", "ttl").out
    assert run("build", folder / "a.txt", "--from", "pdf").code == 2


def test_the_language_of_an_article(run: Run, folder: Path) -> None:
    (folder / "Blue_Lantern.wiki").write_text(WIKITEXT, encoding="utf-8")
    out = run("build", folder / "Blue_Lantern.wiki", "--language", "nn", "--format", "ttl").out
    assert 'rdfs:label "Blue Lantern"@nn' in out
    done = run("build", folder / "Blue_Lantern.wiki", "--language", "no such tag")
    assert (done.code, "is no language tag" in done.err) == (2, True)


def test_one_title_is_for_one_article(run: Run, folder: Path) -> None:
    for name in ("a.wiki", "b.wiki"):
        (folder / name).write_text(WIKITEXT, encoding="utf-8")
    done = run("build", folder / "a.wiki", folder / "b.wiki", "--title", "Blue Lantern")
    assert (done.code, "--title goes with one article" in done.err) == (2, True)


def test_a_folder_of_wikitext(run: Run, folder: Path) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "Blue_Lantern.wiki").write_text(WIKITEXT, encoding="utf-8")
    assert run("build", folder / "pages", "-o", folder / "all.nq").code == 0
    assert "https://w3id.org/lodkit/article/Blue_Lantern#facts" in graphs(folder / "all.nq")


def test_validate_shows_the_line_of_the_file(run: Run, folder: Path) -> None:
    text = WIKITEXT.replace("| founder", "| founded = 1931\n| dissolved = 1901\n| founder")
    (folder / "Blue_Lantern.wiki").write_text(text, encoding="utf-8")
    out = run("validate", folder / "Blue_Lantern.wiki").out
    assert "Blue_Lantern.wiki:" in out
    assert "| dissolved = 1901" in out or "| founded = 1931" in out


def test_verify_wikitext(run: Run, folder: Path) -> None:
    (folder / "Blue_Lantern.wiki").write_text(WIKITEXT, encoding="utf-8")
    run("build", folder / "Blue_Lantern.wiki", "-o", folder / "out.nq", "--with-text")
    done = run("verify", folder / "out.nq", folder / "Blue_Lantern.wiki")
    assert done.code == 0, done
    assert run("verify", folder / "out.nq").code == 0
