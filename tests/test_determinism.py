"""Same input, same bytes: whatever the hash seed, the language, the time zone, the folder, and however many
articles a call.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Quad, RdfFormat

from lodkit import cli
from lodkit.domain import Domain

FORMATS = ("ttl", "trig", "nt", "nq", "jsonld")
SETTINGS: dict[str, dict[str, str]] = {
    "seed-0": {"PYTHONHASHSEED": "0"},
    "seed-1": {"PYTHONHASHSEED": "1"},
    "seed-2-c-tokyo": {"PYTHONHASHSEED": "2", "LANG": "C", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
}
# Builds two articles and exports them in every format, in one process a setting.
SCRIPT = """
import functools, sys
from lodkit.cli import build, export, main, validate
build.read_domain = export.read_domain = validate.read_domain = functools.cache(build.read_domain)
*articles, out = sys.argv[1:]
assert main(["build", *articles, "-o", f"{out}/all.nq", "--with-text", "--no-validate"]) == 0
for form in %r:
    evidence = "--no-evidence" if form == "jsonld" else "--evidence"
    assert main(["export", f"{out}/all.nq", "--to", f"{out}/all.{form}.gz", evidence]) == 0
assert main(["validate", f"{out}/all.nq", "--json"]) in (0, 1)
"""


@pytest.fixture(scope="module")
def outputs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """What each setting writes, by file name; ``stdout`` is the report."""
    found: dict[str, dict[str, bytes]] = {}
    for name, setting in SETTINGS.items():
        folder = tmp_path_factory.mktemp(name)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ"))
        } | setting
        (folder / "small.txt").write_text(
            "= Blue Lantern =\n\nBlue Lantern is a party. It was founded by Ada Lund.\n", encoding="utf-8"
        )
        articles = [sample, "small.txt"] if name != "seed-1" else ["small.txt", sample]
        call = [sys.executable, "-c", SCRIPT % (FORMATS,), *map(str, articles), "."]
        done = subprocess.run(call, cwd=folder, env=environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        found[name] = {path.name: path.read_bytes() for path in folder.iterdir()} | {"stdout": done.stdout}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SETTINGS)[1:])
def test_same_bytes_in_every_setting(outputs: dict[str, dict[str, bytes]], name: str) -> None:
    first = outputs["seed-0"]
    assert len(first) == len(FORMATS) + 3
    assert {file for file, data in outputs[name].items() if data != first[file]} == set()


def quads(path: Path) -> list[Quad]:
    return list(pyoxigraph.parse(path.read_bytes(), RdfFormat.N_QUADS))


@pytest.fixture(autouse=True)
def _one_domain(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled domain is read once."""
    from lodkit.cli import build

    monkeypatch.setattr(build, "read_domain", lambda place=None: domain)


@pytest.fixture
def build(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def call(*arguments: str | Path, code: int = 0) -> str:
        assert cli.main(["build", *map(str, arguments), "--no-validate"]) == code
        return capsys.readouterr().err

    return call


@pytest.mark.slow
def test_one_or_many_a_call(build: Callable[..., str], bundled: list[Path], tmp_path: Path) -> None:
    build(*bundled, "-o", tmp_path / "all.nq")
    build(*reversed(bundled), "-o", f"{tmp_path}/each/", "--format", "nq")
    together = (tmp_path / "all.nq").read_bytes().splitlines()
    for number, path in enumerate(bundled):
        build(path, "-o", tmp_path / f"{number}.nq")
        assert (tmp_path / f"{number}.nq").read_bytes() in {
            each.read_bytes() for each in (tmp_path / "each").iterdir()
        }
    apart = {line for path in (tmp_path / "each").iterdir() for line in path.read_bytes().splitlines()}
    assert together == sorted(apart)


def test_where_the_article_lies_does_not_matter(
    build: Callable[..., str], sample: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    for path in (sample, sample.with_suffix(".toml")):
        shutil.copy(path, tmp_path / "elsewhere")
    build(sample, "-o", tmp_path / "one.trig")
    build(tmp_path / "elsewhere" / sample.name, "-o", tmp_path / "other.trig")
    assert (tmp_path / "one.trig").read_bytes() == (tmp_path / "other.trig").read_bytes()
    assert str(tmp_path).encode() not in (tmp_path / "one.trig").read_bytes()


def test_standard_output_is_what_the_file_holds(
    sample: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.main(["build", str(sample), "-o", str(tmp_path / "one.trig"), "--no-validate"]) == 0
    assert cli.main(["build", str(sample), "--no-validate"]) == 0
    assert capfdbinary.readouterr().out == (tmp_path / "one.trig").read_bytes()


def test_base_moves_what_is_minted_and_nothing_else(
    build: Callable[..., str], sample: Path, tmp_path: Path
) -> None:
    build(sample, "-o", tmp_path / "one.nt")
    build(sample, "-o", tmp_path / "other.nt", "--base", "https://example.org/x/")
    one = (tmp_path / "one.nt").read_text("utf-8")
    moved = one.replace("<https://w3id.org/lodkit/id/", "<https://example.org/x/id/")
    assert sorted(moved.splitlines()) == (tmp_path / "other.nt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_run_leaves_the_old_file_whole(
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
) -> None:
    target = tmp_path / "old.trig"
    target.write_bytes(b"old")

    def fail(descriptor: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    code = cli.main(["build", str(sample), "-o", str(target), "--no-validate"])
    assert code == (130 if isinstance(error, KeyboardInterrupt) else 4)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("old.trig", b"old")]
    assert len(capsys.readouterr().err.splitlines()) == 1
