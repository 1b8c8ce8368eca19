"""The wheel works by itself: built from the source distribution, installed into an empty environment, used
from another folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

import lodkit

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
FOLDERS = ("ontology", "shapes", "queries", "data/articles", "data/graphs")
SAMPLE = "data/articles/Peru_People's_Movement.txt"
# What would lead an installed lodkit back to the checkout or to the environment of the tests.
FOREIGN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}


class Installed(NamedTuple):
    """An environment that holds lodkit and nothing of this checkout, and a folder to work in."""

    bin: Path
    package: Path
    work: Path

    def run(self, *command: str | Path, code: int = 0) -> str:
        environment = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        environment["PATH"] = os.pathsep.join([str(self.bin), "/usr/bin", "/bin"])
        done = subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        return done.stdout


def python(*arguments: str | Path, executable: Path | str = sys.executable) -> None:
    done = subprocess.run([executable, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", with_pip=True)
    bin_folder = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        "--constraint",
        ROOT / "constraints.txt",
    )
    python(*pip, next(built.glob("*.whl")), executable=bin_folder / "python")
    (package,) = (folder / "venv").glob("lib/python*/site-packages/lodkit")
    work = folder / "some where else"
    work.mkdir()
    return Installed(bin_folder, package, work)


def files_below(folder: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}


def names_in_wheel(built: Path) -> Sequence[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return wheel.namelist()


@pytest.mark.parametrize("folder", FOLDERS)
def test_wheel_and_source_hold_the_domain(built: Path, folder: str) -> None:
    wanted = files_below(folder)
    assert wanted
    assert wanted <= {
        name.removeprefix("lodkit/_domain/")
        for name in names_in_wheel(built)
        if name.startswith("lodkit/_domain/")
    }
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        assert wanted <= {name.partition("/")[2] for name in source.getnames()}


def test_wheel_holds_nothing_else(built: Path) -> None:
    names = names_in_wheel(built)
    assert {name.split("/")[0] for name in names} == {
        "lodkit",
        f"lodkit_articles-{lodkit.__version__}.dist-info",
    }
    assert [name for name in names if "test" in name.lower() or name.endswith(".pyc")] == []
    assert "lodkit/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_version(installed: Installed) -> None:
    assert lodkit.__version__ in installed.run("lodkit", "--version")


def test_nothing_leads_back_to_the_checkout(installed: Installed) -> None:
    path = installed.run(
        "python", "-c", "import lodkit, sys; print(lodkit.__file__, *sys.path, sep='\\n')"
    ).splitlines()
    assert path[0] == str(installed.package / "__init__.py")
    assert [entry for entry in path if Path(entry).is_relative_to(ROOT)] == []


def test_a_query_on_the_bundled_graphs(installed: Installed) -> None:
    rows = installed.run("lodkit", "query", "founders").splitlines()
    assert len(rows) > 3


def test_build_and_validate_the_bundled_article(installed: Installed) -> None:
    installed.run("lodkit", "build", installed.package / "_domain" / SAMPLE, "-o", "sample.trig")
    assert "Javier" in (installed.work / "sample.trig").read_text(encoding="utf-8")
    installed.run("lodkit", "validate", "sample.trig")
    rows = installed.run("lodkit", "query", "founders", "--on", "sample.trig").splitlines()
    assert len(rows) > 1


def test_same_bytes_as_the_checkout(installed: Installed) -> None:
    installed.run("lodkit", "build", installed.package / "_domain" / SAMPLE, "-o", "sample.nq")
    python("-m", "lodkit", "build", ROOT / SAMPLE, "-o", installed.work / "checkout.nq")
    assert (installed.work / "sample.nq").read_bytes() == (installed.work / "checkout.nq").read_bytes()


def test_demo_from_a_bare_copy(tmp_path: Path) -> None:
    def left_out(_: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if name in {".git", ".venv", "build", "dist", "__pycache__"} or name.endswith("_cache")
        }

    shutil.copytree(ROOT, tmp_path / "clone", ignore=left_out)
    environment = {
        key: value for key, value in os.environ.items() if key not in FOREIGN and not key.startswith("MAKE")
    }
    done = subprocess.run(
        ["make", "demo"], cwd=tmp_path / "clone", env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line for line in done.stdout.splitlines() if line.startswith("$ ")]
    assert [line.split()[:2] for line in shown] == [["$", "lodkit"]] * 5
    assert "Javier" in done.stdout.rpartition("$ lodkit query")[2]
