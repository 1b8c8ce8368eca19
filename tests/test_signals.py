"""A signal ends a run with its own exit code, in one line, without a temporary file, a half file or a child."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lodkit import cli

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="signals as Linux shows them"),
    pytest.mark.slow,
]

ARTICLE = """= Blue Lantern =

Blue Lantern
- Founder: Ada Lund

Blue Lantern is a political party in Norland. It was founded in Arvika by Ada Lund.
"""
WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "hung up"}
LODKIT = [sys.executable, "-m", "lodkit"]
PATIENCE = 120  # seconds: only to end what hangs


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of some megabytes: more than a pipe holds, and some seconds of work."""
    path = tmp_path_factory.mktemp("graph") / "many.nq"
    lines = (
        f'<http://e/s{number}> <http://e/p> "{"x" * 50}{number}" <http://e/g> .\n' for number in range(60_000)
    )
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.nq").write_text("old\n", encoding="utf-8")
    (tmp_path / "blue.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@contextmanager
def started(folder: Path, *arguments: str | Path, **streams: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command in a process group of its own and wait until it sees to signals."""

    def with_default_signals() -> (
        None
    ):  # a test runner in the background ignores SIGINT, and so would a child
        for number in WORDS:
            signal.signal(number, signal.SIG_DFL)

    process = subprocess.Popen(
        [*LODKIT, *map(str, arguments)],
        cwd=folder,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=with_default_signals,  # noqa: PLW1509 (no threads here)
        **streams,  # type: ignore[call-overload]
    )
    try:
        while not is_caught(process.pid, signal.SIGTERM):
            assert process.poll() is None
            time.sleep(0.002)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def is_caught(pid: int, number: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def ends(process: subprocess.Popen[bytes], folder: Path, number: signal.Signals) -> None:
    """Send a signal, and look at all that is left."""
    process.send_signal(number)
    assert process.stderr is not None
    err = process.stderr.read().decode()
    code = process.wait(timeout=PATIENCE)
    assert (code, err.splitlines()[-1:]) == (128 + number, [f"lodkit: {WORDS[number]}"]), err
    assert "Traceback" not in err
    assert "ignored" not in err
    assert [path.name for path in folder.rglob("*") if path.name.startswith(".lodkit-")] == []
    assert (folder / "old.nq").read_text("utf-8") == "old\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # no child is left


@pytest.mark.parametrize("number", WORDS, ids=lambda number: number.name)
def test_while_it_waits_for_its_input(folder: Path, number: signal.Signals) -> None:
    with started(folder, "export", "-", "--from", "nq", "--to", "old.nq", stdin=subprocess.PIPE) as process:
        time.sleep(0.3)
        ends(process, folder, number)


def test_while_nobody_reads_its_answer(folder: Path, graph: Path) -> None:
    arguments = ("export", graph, "--format", "nq")
    with started(folder, *arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # now it writes, and waits
        ends(process, folder, signal.SIGTERM)


def test_a_second_signal_ends_it_at_once(folder: Path) -> None:
    """A run that is slow to end is a wait for a server; here it is a handler that is never reached."""
    code = (
        "import signal, sys, time; from lodkit.cli import process\n"
        "def answer():\n"
        "    try:\n        print('up', flush=True); time.sleep(600)\n"
        "    finally:\n        print('down', flush=True); time.sleep(600)\n"
        "sys.exit(process.run_as_process(answer))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "down\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == -signal.SIGTERM


def test_what_does_not_end_is_ended(folder: Path) -> None:
    """A wait that no signal interrupts, such as one for a thread in the middle of a request."""
    code = (
        "import os, signal, sys, time; from lodkit.cli import process\n"
        "process._PATIENCE = 1.0\n"
        "def answer():\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGHUP)\n"
        "    finally:\n        time.sleep(600)\n"
        "sys.exit(process.run_as_process(answer))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (129, "lodkit: hung up\n")


def test_what_is_ignored_stays_ignored(folder: Path) -> None:
    """As under ``nohup``."""
    code = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from lodkit.cli import process\n"
        "def answer():\n    os.kill(os.getpid(), signal.SIGHUP); return 0\n"
        "sys.exit(process.run_as_process(answer))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_signals_are_left_alone_when_other_code_calls() -> None:
    before = [signal.getsignal(number) for number in WORDS]
    assert cli.main(["--version"]) == 0
    assert [signal.getsignal(number) for number in WORDS] == before


MOMENTS = (0.0, 0.2, 0.6, 1.2, 2.0)  # seconds from the start; any of them is right
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "number"), list(zip(MOMENTS, SIGNALS, strict=True)), ids=str)
def test_at_any_moment_of_a_build(folder: Path, moment: float, number: signal.Signals) -> None:
    (folder / "long.txt").write_text(ARTICLE + "It was founded in Arvika. " * 60_000, encoding="utf-8")
    with started(folder, "build", "long.txt", "-o", "old.nq") as process:
        time.sleep(moment)
        ends(process, folder, number)
    assert {path.name for path in folder.iterdir()} == {"old.nq", "blue.txt", "long.txt"}


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "number"), list(zip(MOMENTS, SIGNALS, strict=True)), ids=str)
@pytest.mark.parametrize("form", ["nq", "jsonld"])
def test_at_any_moment_of_an_export(
    folder: Path, graph: Path, moment: float, number: signal.Signals, form: str
) -> None:
    arguments = ("export", "-", "--from", "nq", "--to", "old.nq", "--format", form)
    with started(folder, *arguments, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(graph.read_bytes()[:2_000_000].rpartition(b"\n")[0])
        process.stdin.flush()  # it is not closed, so that the run is not over before the signal
        time.sleep(moment)
        ends(process, folder, number)


@pytest.mark.slow
def test_while_a_pipe_is_not_read(folder: Path, graph: Path) -> None:
    os.mkfifo(folder / "fifo.nq")
    with started(folder, "export", graph, "--to", "fifo.nq") as process:
        reader = os.open(folder / "fifo.nq", os.O_RDONLY)  # waits for the writer
        os.read(reader, 1)
        ends(process, folder, signal.SIGTERM)
        os.close(reader)


@pytest.mark.slow
def test_while_a_pipe_has_no_reader(folder: Path, graph: Path) -> None:
    os.mkfifo(folder / "fifo.nq")
    with started(folder, "export", graph, "--to", "fifo.nq") as process:
        time.sleep(2)
        ends(process, folder, signal.SIGINT)


@pytest.mark.slow
def test_while_nobody_reads_the_rows(folder: Path, graph: Path) -> None:
    (folder / "own.rq").write_text("SELECT * { ?s ?p ?o }", encoding="utf-8")
    arguments = ("query", "own.rq", "--on", graph, "--format", "csv")
    with started(folder, *arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        ends(process, folder, signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_while_a_server_is_silent(folder: Path, number: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)  # what never asks is a failure and no hang
        address = f"http://127.0.0.1:{server.getsockname()[1]}/sparql"
        for arguments in (
            ("query", "founders", "--on", address),
            ("load", "some.nq", "--into", address),
            ("build", "blue.txt", "--into", address, "-o", "new.nq", "--no-validate"),
        ):
            (folder / "some.nq").write_text("<x:s> <x:p> <x:o> <x:g> .\n", encoding="utf-8")
            with started(folder, *arguments) as process:
                connection, _ = server.accept()
                with connection:
                    ends(process, folder, number)


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_at_any_moment_of_a_load(folder: Path, graph: Path, moment: float) -> None:
    """What is there afterwards is whole, and the same command goes on."""
    arguments = ("load", "-", "--from", "nq", "--into", "store")
    with started(folder, *arguments, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(graph.read_bytes()[:2_000_000].rpartition(b"\n")[0] + b"\n")
            process.stdin.flush()
        time.sleep(moment)
        ends(process, folder, signal.SIGTERM)
    assert cli.main(["load", str(graph), "--into", str(folder / "store")]) == 0


GOING = {
    "a callback of a weak reference": "thing = Thing(); ref = weakref.ref(thing, interrupt); del thing",
    "a finalizer": "Thing.__del__ = interrupt; Thing()",
    "the end of a generator": "made = generator(); next(made); del made",
}
"""Where what is raised goes nowhere (Python's `sys.unraisablehook`)."""


@pytest.mark.parametrize("what", GOING)
@pytest.mark.parametrize("number", WORDS, ids=lambda number: number.name)
def test_while_an_object_goes(number: signal.Signals, what: str) -> None:
    script = f"""
import os, signal, sys, time, weakref
from lodkit.cli.process import ended_code, ended_words, run_as_process
signal.signal({int(number)}, signal.SIG_DFL if {int(number)} != 2 else signal.default_int_handler)
class Thing: pass
def interrupt(*_):
    os.kill(os.getpid(), {int(number)})
    for step in range(1000): pass
def generator():
    try:
        yield
    finally:
        interrupt()
def going():
    {GOING[what]}
def answer():
    try:
        going()
        time.sleep({PATIENCE})
    except KeyboardInterrupt as stop:
        print(ended_words(stop), file=sys.stderr)
        return ended_code(stop)
sys.exit(run_as_process(answer))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (128 + number, f"lodkit: {WORDS[number]}\n")
