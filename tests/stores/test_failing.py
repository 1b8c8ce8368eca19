"""Each call to the system that a load makes, failed in turn: every unit is as it was or as it is to be, the
exit code is 4 with one line, and the same command goes on from there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lodkit import cli

ROOT = Path(__file__).parent.parent.parent
SOURCE = Path(__file__).with_name("failing.c")
LODKIT = [sys.executable, "-m", "lodkit", "--domain", str(ROOT / "tests" / "second_domain")]
KINDS = ("open", "write", "sync", "rename")
GRAPHS = 3


def write(path: Path, value: str) -> str:
    path.write_text("".join(f'<x:a> <x:v> "{value}" <x:g{number}> .\n' for number in range(GRAPHS)))
    return str(path)


def values(store: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The versions of the graphs that a store holds; what is exported is whole."""
    target = store.parent / "back.nq"
    target.unlink(missing_ok=True)
    capsys.readouterr()
    assert cli.main(["export", str(store), "--to", str(target)]) == 0, capsys.readouterr().err
    return re.findall(r'<x:v> "(\w+)"', target.read_text())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fails calls."""
    compiler = shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no gcc here, or no LD_PRELOAD")
    library = tmp_path_factory.mktemp("library") / "failing.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


Loads = Callable[[str, int], tuple[subprocess.CompletedProcess[str], int]]


@pytest.fixture
def loads(library: Path, tmp_path: Path) -> Loads:
    """Load the new version into a store with the old one, with one call failing."""
    store, log = tmp_path / "store", tmp_path / "calls"
    old, new = write(tmp_path / "old.nq", "old"), write(tmp_path / "new.nq", "new")
    subprocess.run([*LODKIT, "load", old, "--into", str(tmp_path / "first")], check=True, capture_output=True)

    def load(kind: str, number: int) -> tuple[subprocess.CompletedProcess[str], int]:
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(tmp_path / "first", store)
        failing = {"FAIL_UNDER": str(store), "FAIL_CALL": kind, "FAIL_AT": str(number), "FAIL_LOG": str(log)}
        done = subprocess.run(
            [*LODKIT, "load", new, "--into", str(store)],
            env=os.environ | failing | {"LD_PRELOAD": str(library)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done, int(log.read_text())

    return load


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_load_of_which_any_call_fails(
    kind: str, loads: Loads, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, calls = loads(kind, 0)
    assert (done.returncode, values(tmp_path / "store", capsys)) == (0, ["new"] * GRAPHS)
    assert calls >= 3
    codes = set()
    for number in range(1, calls + 1):
        done, _ = loads(kind, number)
        codes.add(done.returncode)
        found = values(tmp_path / "store", capsys)
        assert len(found) == GRAPHS, (number, done)
        if done.returncode == 0:
            assert found == ["new"] * GRAPHS, (number, done)
        else:
            assert done.returncode == 4, (number, done)
            assert set(found) <= {"old", "new"}, (number, done)
            assert re.fullmatch(r"(lodkit: stopped after [^\n]+\n)?lodkit: error: [^\n]+\n", done.stderr), (
                number,
                done,
            )
        if number % 9 == 0 or number == calls:
            assert cli.main(["load", str(tmp_path / "new.nq"), "--into", str(tmp_path / "store")]) == 0
            assert values(tmp_path / "store", capsys) == ["new"] * GRAPHS
    assert codes == {0, 4} or codes == {4}
