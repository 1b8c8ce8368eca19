"""What a user, a system or a peer can cause is one line and the right exit code, in a process as it really runs;
a defect is what is left.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.sampled import rotated

from lodkit import cli
from lodkit.cli.failures import DEFECT, failure_of
from lodkit.errors import InputError

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="shell, limits and devices of POSIX"),
    pytest.mark.slow,
]

ARTICLE = """= Blue Lantern =

Blue Lantern
- Founded: 1996
- Founder: Ada Lund

Blue Lantern is a political party in Norland. It was founded in Arvika by Ada Lund.
"""
LONG = "x" * 300


class Done(NamedTuple):
    code: int
    out: bytes
    err: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an article, its graph, a store, and things that are in the way."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "blue.txt").write_text(ARTICLE, encoding="utf-8")
    assert cli.main(["build", f"{folder}/blue.txt", "-o", f"{folder}/x.nq", "--no-validate"]) == 0
    assert cli.main(["load", f"{folder}/x.nq", "--into", f"{folder}/store"]) == 0
    (folder / "dir").mkdir()
    (folder / "loop.nq").symlink_to("loop.nq")
    os.mkfifo(folder / "fifo")
    for file in ("blue.txt", "x.nq"):
        shutil.copy(folder / file, folder / f"n\udcff{Path(file).suffix}")
    return folder


def shell(made: Path, line: str, **environment: str) -> Done:
    """Run a line of bash in which ``lodkit`` is the command, standard input empty."""
    setting = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    script = f'lodkit() {{ exec "{sys.executable}" -m lodkit "$@"; }}\n{line}'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=made,
        env=setting,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode())


class Row(NamedTuple):
    """A command line, its exit code, a part of the one line that it prints; None: nobody can see one."""

    line: str
    code: int
    message: str | None


CLOSED = "standard output: cannot be written: it is closed"
FULL = "standard output: no space is left"
NOT_UTF_8 = "is not UTF-8"
STREAMS = (
    Row("lodkit --version >&-", 4, CLOSED),
    Row("lodkit --version >/dev/full", 4, FULL),
    Row("lodkit --help >&-", 4, CLOSED),
    Row("lodkit --help >/dev/full", 4, "no space is left"),
    Row("lodkit build --help >/dev/full", 4, "no space is left"),
    Row("lodkit build blue.txt --no-validate >&-", 4, CLOSED),
    Row("lodkit build blue.txt --no-validate >/dev/full", 4, "standard output: cannot be written: No space"),
    Row("lodkit build blue.txt --no-validate >&- 2>&-", 4, None),
    Row("lodkit build blue.txt -o y.nq --no-validate --json >/dev/full", 4, FULL),
    Row("lodkit build - --no-validate <&-", 3, "standard input: cannot be read: it is closed"),
    Row("lodkit validate x.nq >&-", 4, CLOSED),
    Row("lodkit query >/dev/full", 4, FULL),
    Row("lodkit query founders --on x.nq >&-", 4, CLOSED),
    Row("lodkit query founders --on x.nq >/dev/full", 4, FULL),
    Row("lodkit query founders --on x.nq <&- >&- 2>&-", 4, None),
    Row("lodkit export x.nq -f ttl >&-", 4, CLOSED),
    Row("lodkit export - --from nq -f ttl <&-", 3, "standard input: cannot be read: it is closed"),
    Row("lodkit export x.nq -f jsonld >/dev/full", 4, "standard output: cannot be written: No space"),
    Row("lodkit check >/dev/full", 4, FULL),
    Row("lodkit bild >&- 2>&-", 2, None),
    Row("lodkit bild 2>/dev/full", 2, None),
)
"""Standard streams that are closed or full."""

DONE = (
    "lodkit export x.nq --to y.ttl >&-",
    "lodkit export x.nq --to y.ttl <&- >&- 2>&-",
    "lodkit build blue.txt -o y.nq --no-validate 2>&-",
    "lodkit build blue.txt -o y.nq --no-validate 2>/dev/full",
    "lodkit load x.nq --into store >&-",
    "lodkit store store 2>/dev/full",
    "lodkit query founders --on x.nq 2>&- <&-",
)
"""What needs no stream that is missing."""

NAMES = (
    Row("lodkit build n$'\\xff'.txt --no-validate", 3, NOT_UTF_8),
    Row("lodkit load x.nq --into st$'\\xff'", 4, "st\\udcff"),
    Row("lodkit query $'\\xff'", 2, "\\udcff: no such query"),
    Row("lodkit query about -p entity=$'\\xff'", 2, "entity: "),
    Row("lodkit check --domain $'\\xff'", 3, ": no folder ontology/"),
    Row("lodkit $'\\xff'", 2, "No such command '\\udcff'"),
    Row("lodkit build blue.txt --base http://e/$'\\xff'/", 2, "is no IRI"),
    Row("lodkit store http://$'\\xff'/", 2, "no address of a store"),
    Row("lodkit store http://[", 2, "address"),
    Row(f"lodkit store http://{LONG}.org/", 2, "host"),
    Row("lodkit build ''", 2, "an argument is empty"),
    Row("lodkit query founders --on ''", 2, "an argument is empty (is a variable not set?)"),
    Row("lodkit build blue.txt -o ''", 2, "an argument is empty"),
    Row("lodkit build dir", 3, "dir: "),
    Row("lodkit validate loop.nq", 3, "loop.nq: "),
    Row("lodkit export loop.nq -f ttl", 3, "loop.nq: "),
    Row(f"lodkit query founders --on {LONG}", 3, "name too long"),
    Row(f"lodkit check --usage {LONG}", 3, "name too long"),
    Row("lodkit query founders --on blue.txt/x.nq", 3, "blue.txt/x.nq: "),
    Row("lodkit query dir.rq", 3, "dir.rq: "),
)
"""Names that no file has, or that are no text."""

OUTPUTS = (
    Row("lodkit build blue.txt --no-validate -o fifo/x.nq", 4, "fifo/x.nq: cannot be written"),
    Row("lodkit build blue.txt --no-validate -f nq -o blue.txt/sub/", 4, "cannot be written"),
    Row(
        "lodkit build blue.txt --no-validate -f nq -o /dev/full", 4, "/dev/full: cannot be written: No space"
    ),
    Row("lodkit build blue.txt --no-validate -f nq -o /dev/full/", 4, "/dev/full: cannot be written"),
    Row(f"lodkit build blue.txt --no-validate -o {LONG}.nq", 4, "cannot be written: File name too long"),
    Row("lodkit build blue.txt --no-validate -o /proc/x.nq", 4, "/proc/x.nq: cannot be written"),
    Row("lodkit build blue.txt --no-validate -f nq -o /proc/new/", 4, "/proc/new: cannot be written"),
    Row("lodkit export x.nq -f nq --to dir", 4, "dir: cannot be written: it is a folder"),
    Row("lodkit export x.nq --to no/x.nq", 4, "no/x.nq: cannot be written: No such file"),
    Row("lodkit load x.nq --into blue.txt", 4, "blue.txt: "),
    Row("lodkit load x.nq --into /dev/full", 4, "/dev/full: "),
    Row("lodkit load x.nq --into dir/no/st", 4, "dir/no/st: "),
    Row(
        "ulimit -f 1; lodkit build blue.txt --no-validate -o y.nq",
        4,
        "y.nq: cannot be written: File too large",
    ),
    Row("mkdir gone; cd gone; rmdir ../gone; lodkit export x.nq -f ttl", 3, "x.nq: no such file"),
    Row(
        "mkdir gone; cd gone; rmdir ../gone; lodkit export '{made}/x.nq' --to y.nq",
        4,
        "y.nq: cannot be written",
    ),
)
"""Places where nothing can be written; ``{made}`` is the folder."""

LIMITS = (
    Row("ulimit -n 10; lodkit query founders --on store", 4, "store: the store failed"),
    Row("ulimit -v 60000; lodkit validate x.nq", 6, "not enough memory"),
    Row("ulimit -v 60000; lodkit build blue.txt", 6, "not enough memory"),
    Row("TMPDIR=/no/such lodkit build blue.txt -o y.nq --no-validate", 0, ""),
)

BASES = (
    Row("lodkit build blue.txt --base http://e/x", 2, "does not end in / (write http://e/x/)"),
    Row("lodkit build blue.txt --base http://e/x#", 2, "holds #"),
    Row("lodkit validate blue.txt --base http://e/#", 2, "holds #"),
    Row("lodkit build blue.txt --base http://e/../", 2, "a step . or .."),
    Row("lodkit build blue.txt --base http://e/./x/", 2, "a step . or .."),
    Row("lodkit build blue.txt --base 'http://a>b/'", 2, "is no IRI"),
    Row("lodkit build blue.txt --base $'http://a\\nb/'", 2, "'http://a\\nb/' is no IRI"),
    Row("lodkit build blue.txt --base http://e/%zz/", 2, "is no IRI"),
    Row("lodkit export x.nq -f nq --base x/", 2, "is no IRI"),
    Row('lodkit build blue.txt --base "http://e/$(printf %0100000d 0)/"', 2, "longer than 1000"),
)


def as_told(made: Path, row: Row, **environment: str) -> None:
    done = shell(made, row.line.replace("{made}", str(made)), **environment)
    assert done.code == row.code, done
    for word in ("Traceback", "defect", "Exception ignored", "Error processing"):
        assert word not in done.err
    if row.message is None:
        assert (done.out, done.err) == (b"", "")
    elif row.code:
        last = done.err.splitlines()[-1]
        assert last.startswith("lodkit: error: "), done
        assert row.message in last
        assert done.err.count("lodkit: error") == 1


def rows(*tables: tuple[Row, ...]) -> list[Any]:
    """Mark those as slow that read the whole domain, which takes most of a second."""
    return [
        pytest.param(row, id=row.line[:70], marks=[pytest.mark.slow] if is_heavy(row.line) else [])
        for table in tables
        for row in table
    ]


def is_heavy(line: str) -> bool:
    return (
        any(word in line for word in ("build", "validate", "check", "load", "export"))
        and "--help" not in line
    )


@pytest.mark.parametrize("row", rows(STREAMS, NAMES, OUTPUTS, LIMITS, BASES))
def test_one_line_and_the_right_exit_code(made: Path, row: Row) -> None:
    as_told(made, row)


@pytest.mark.parametrize("row", STREAMS, ids=lambda row: row.line[:70])
@pytest.mark.slow
def test_streams_without_buffers(made: Path, row: Row) -> None:
    done = shell(made, row.line, PYTHONUNBUFFERED="1")
    assert (done.code, "Traceback" in done.err, "ignored" in done.err) == (row.code, False, False)


PIPED = {
    "lodkit --version": 0,
    "lodkit --help": 0,
    "lodkit query": 0,
    "lodkit query founders --on x.nq": 0,
    "lodkit store store": 0,
    "lodkit export x.nq -f ttl": 0,
    "lodkit check": 0,
    "lodkit build blue.txt --no-validate --with-text": 0,
    "lodkit build blue.txt --no-validate --into st -o -": 4,
}


@pytest.mark.parametrize(("line", "buffers"), rotated(PIPED, ("", "1")))
def test_a_reader_that_is_gone(made: Path, line: str, buffers: str) -> None:
    """Quiet, unless something else was to be done as well."""
    script = f"(sleep 0.1; {line}) | true; exit ${{PIPESTATUS[0]}}"
    done = shell(made, script, PYTHONUNBUFFERED=buffers)
    assert done.code == PIPED[line], done
    assert ("error" in done.err, "ignored" in done.err, "Traceback" in done.err) == (
        PIPED[line] > 0,
        False,
        False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("line", DONE)
def test_a_stream_that_is_not_needed_may_be_missing(made: Path, line: str) -> None:
    (made / "y.ttl").unlink(missing_ok=True)
    done = shell(made, line)
    assert (done.code, "error" in done.err) == (0, False)
    if "y.ttl" in line:
        assert (made / "y.ttl").stat().st_size > 100


@pytest.mark.slow
def test_no_file_gets_the_number_of_a_missing_stream(made: Path) -> None:
    """What the engine or Python itself writes to 1 or 2 must not get into the data."""
    shell(made, "lodkit export x.nq --to whole.nq")
    shell(made, "lodkit build blue.txt no.txt -o closed.nq --no-validate >&- 2>&-")
    shell(made, "lodkit build blue.txt -o open.nq --no-validate")
    assert (made / "closed.nq").read_bytes() == (made / "open.nq").read_bytes()


COMMANDS = {
    "lodkit --help": 0,
    "lodkit --version": 0,
    "lodkit build blue.txt --no-validate": 0,
    "lodkit validate no.nq": 3,
    "lodkit query": 0,
    "lodkit query founders --on x.nq --format table": 0,
    "lodkit query no": 2,
    "lodkit store no": 3,
    "lodkit export x.nq --to no/x.nq": 4,
    "lodkit bild": 2,
}
ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {"HOME": "/proc", "TMPDIR": "/no", "LC_ALL": "C", "TERM": "dumb", "COLUMNS": "40"},
    {"HOME": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "abc"},
    {"HOME": "/dev/null", "PYTHONIOENCODING": "utf-16", "TERM": "", "COLUMNS": "-5"},
    {"HOME": "/no", "PYTHONIOENCODING": "ascii:strict", "COLUMNS": "0"},
    {"PYTHONIOENCODING": "latin-1", "COLUMNS": "1000000000"},
    {"PYTHONIOENCODING": "ascii", "COLUMNS": "9" * 5000},
)


@pytest.mark.slow
@pytest.mark.parametrize("line", COMMANDS)
def test_any_environment_will_do(made: Path, line: str) -> None:
    """An exit code other than 0 has a message, and only such a one has ``error``; data are UTF-8."""
    for environment in ENVIRONMENTS:
        done = shell(made, line, **environment)
        assert done.code == COMMANDS[line], (environment, done)
        assert ("lodkit: error: " in done.err) == (done.code != 0)
        assert (done.out == b"") == (done.code != 0)
        assert done.out.decode("utf-8").isprintable() is False or not done.out


def test_data_are_utf_8_whatever_the_locale_is(made: Path) -> None:
    (made / "own.rq").write_text("SELECT ?x { VALUES ?x { 'Málaga 東京' } }", encoding="utf-8")
    for environment in ENVIRONMENTS:
        done = shell(made, "lodkit query own.rq --on x.nq", **environment)
        assert done.out.decode("utf-8").splitlines() == ["x", "Málaga 東京"]


@pytest.mark.slow
def test_a_name_that_is_no_utf_8_is_shown_escaped_and_its_output_works(made: Path) -> None:
    done = shell(made, "lodkit build blue.txt no.txt -o o$'\\xff'.nq --no-validate --json")
    assert (done.code, b'"o\\udcff.nq"' in done.out) == (5, True)
    assert Path(os.fsdecode(os.fsencode(made) + b"/o\xff.nq")).stat().st_size > 1000
    assert shell(made, "lodkit export n$'\\xff'.nq -f nq").out == (made / "x.nq").read_bytes()


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (MemoryError(), 6, "not enough memory"),
        (RecursionError("maximum"), 6, "nested too deeply"),
        (RuntimeError("can't start new thread"), 6, "no further thread"),
        (ImportError("x.so: failed to map segment from shared object"), 6, "not enough memory"),
        (ValueError("embedded null byte"), 2, "a NUL"),
        (OSError(errno.EMFILE, "Too many open files", "x"), 6, "x: too many files are open (raise it with"),
        (OSError(errno.ENOSPC, "No space"), 4, "no space is left"),
        (OSError(errno.EIO, "I/O"), 4, "input/output error"),
        (OSError(errno.EACCES, "denied", "a/b"), 3, "a/b: permission denied"),
        (OSError(errno.EROFS, "ro", b"\xff"), 4, "\udcff: cannot be written: read-only"),
        (OSError(errno.ELOOP, "loop", "l"), 3, "l: its links lead in a circle"),
        (OSError(errno.ENETDOWN, "Network is down"), 4, "Network is down"),
        (OSError("IO error: from the engine"), 4, "IO error: from the engine"),
        (FileNotFoundError(errno.ENOENT, "No such file"), 3, "the current folder is not there any more"),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/x']"),
            4,
            "set TMPDIR to a folder",
        ),
        (UnicodeEncodeError("utf-8", "a\udcff", 1, 2, "surrogates not allowed"), 3, "is not UTF-8"),
        (InputError("no title", file="x.txt", line=1), 3, "x.txt:1: no title"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_the_table(error: Exception, code: int, message: str) -> None:
    failure = failure_of(error)
    assert failure is not None
    assert (failure.code, message in failure.message) == (code, True), failure


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("x"), RuntimeError("x"), UnicodeEncodeError("ascii", "é", 0, 1, "x")]
)
def test_what_is_left_is_a_defect(error: Exception) -> None:
    assert failure_of(error) is None
    assert DEFECT == 70


def test_exit_codes_are_told(made: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")
    shown = shell(made, "lodkit --help").out.decode()
    for code in ("0", "1", "2", "3", "4", "5", "6", "70", "129", "130", "143"):
        assert f"\n| {code} | " in text
        assert f"{code} " in shown[shown.index("Exit codes") :].replace(",", " ")


def test_a_nul_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "a\0b"]) == 2
    assert capsys.readouterr().err == "lodkit: error: an argument holds a NUL (take it out)\n"
