"""Each call to the system that a load makes, failed in turn: every unit is as it was or as it is to be, the
exit code is 4 with one line, and the same command goes on from there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.forked import Done, Forking
from tests.sampled import WHOLE

from lodkit import cli

ROOT = Path(__file__).parent.parent.parent
SOURCE = Path(__file__).with_name("failing.c")
DOMAIN = ["--domain", str(ROOT / "tests" / "second_domain")]
KINDS = ("open", "write", "sync", "rename")
GRAPHS = 3
MANY = 40
"""Of so many calls every fifth fails, with ``HYPOTHESIS_PROFILE=thorough`` each."""


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


Loads = Callable[[str, int], tuple[Done, int]]


@pytest.fixture
def loads(library: Path, tmp_path: Path) -> Iterator[Loads]:
    """Load the new version into a store with the old one, with one call failing."""
    store, log = tmp_path / "store", tmp_path / "calls"
    old, new = write(tmp_path / "old.nq", "old"), write(tmp_path / "new.nq", "new")
    assert cli.main([*DOMAIN, "load", old, "--into", str(tmp_path / "first")]) == 0
    with Forking(tmp_path, variables={"LD_PRELOAD": str(library)}) as forking:

        def load(kind: str, number: int) -> tuple[Done, int]:
            shutil.rmtree(store, ignore_errors=True)
            shutil.copytree(tmp_path / "first", store)
            failing = {
                "FAIL_UNDER": str(store),
                "FAIL_CALL": kind,
                "FAIL_AT": str(number),
                "FAIL_LOG": str(log),
            }
            done = forking.run([*DOMAIN, "load", new, "--into", str(store)], failing)
            return done, int(log.read_text())

        yield load


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_load_of_which_any_call_fails(
    kind: str, loads: Loads, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, calls = loads(kind, 0)
    assert (done.code, values(tmp_path / "store", capsys)) == (0, ["new"] * GRAPHS)
    assert calls >= 3
    codes = set()
    chosen = range(1, calls + 1, 1 if calls < MANY or WHOLE else 8)
    for number in chosen:
        done, _ = loads(kind, number)
        codes.add(done.code)
        found = values(tmp_path / "store", capsys)
        assert len(found) == GRAPHS, (number, done)
        if done.code == 0:
            assert found == ["new"] * GRAPHS, (number, done)
        else:
            assert done.code == 4, (number, done)
            assert set(found) <= {"old", "new"}, (number, done)
            assert re.fullmatch(r"(lodkit: stopped after [^\n]+\n)?lodkit: error: [^\n]+\n", done.err), (
                number,
                done,
            )
        if number % 9 == 1 or number == chosen[-1]:
            assert cli.main(["load", str(tmp_path / "new.nq"), "--into", str(tmp_path / "store")]) == 0
            assert values(tmp_path / "store", capsys) == ["new"] * GRAPHS
    assert codes == {0, 4} or codes == {4}
