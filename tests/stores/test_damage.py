"""Damage to each kind of file that a store consists of: the right data, or exit code 4 in one line; never
fewer data, a crash, or a defect.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.forked import Forking
from tests.sampled import crossed
from tests.stores.conftest import SMALL
from tests.stores.sizes import OF_ALL

from lodkit import cli
from lodkit.errors import StoreError
from lodkit.load import DIGEST, LOADS, Loading, Unit, begin, check, layout_of, units_in
from lodkit.load.layout import SEAL
from lodkit.load.records import LEDGER
from lodkit.store import Store

pytestmark = pytest.mark.slow

ARTICLE = "https://w3id.org/lodkit/article/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

READING = [
    ["store", "store", "--json"],
    ["query", "founders", "--on", "store", "--evidence", "--json"],
    ["export", "store", "--format", "nq", "--to", "before.back"],
]
AFTER = [*READING[:-1], [*READING[-1][:-1], "after.back"]]
COMMANDS = [*READING, ["load", "mine.nq", "--into", "store"], *AFTER]


class Done(NamedTuple):
    """What a command said, with the data that it wrote."""

    code: int
    data: str
    err: str


def run_all(folder: Path, forking: Forking) -> list[Done]:
    """Run the commands one after the other in a process of their own, which no signal may end."""
    for file in folder.glob("*.back"):
        file.unlink()
    found = forking.run_all(COMMANDS, folder)
    assert len(found) == len(COMMANDS), f"ended by {found[-1].code}: {found[-1].err[-500:]}"
    files = [words[words.index("--to") + 1] if "--to" in words else "" for words in COMMANDS]
    return [
        Done(
            done.code, done.out + ((folder / file).read_text() if (folder / file).is_file() else ""), done.err
        )
        for done, file in zip(found, files, strict=True)
    ]


@pytest.fixture(scope="module")
def forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    """Runs commands."""
    with Forking(tmp_path_factory.mktemp("forking")) as forking:
        yield forking


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two loads."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("mine", "yours"):
        (folder / f"{name}.nq").write_text(f'<x:a> <x:b> "1" <x:{name}> .\n')
    for file in (SMALL, folder / "yours.nq"):
        assert cli.main(["load", str(file), "--into", str(folder / "store")]) == 0
    return folder


@pytest.fixture(scope="module")
def answers(whole: Path, forking: Forking, tmp_path_factory: pytest.TempPathFactory) -> list[Done]:
    """What the commands say of a store that is whole."""
    folder = tmp_path_factory.mktemp("answers")
    shutil.copytree(whole, folder, dirs_exist_ok=True)
    found = run_all(folder, forking)
    assert [done.code for done in found] == [0] * len(COMMANDS)
    assert found[2].data.count("\n") == OF_ALL + 1
    assert found[-1].data.count("\n") == OF_ALL + 2
    return found


def check_answers(folder: Path, answers: list[Done], forking: Forking) -> set[int]:
    """Run the commands on a damaged store: each says what it says of a whole one, or fails in one line."""
    found = run_all(folder, forking)
    is_loaded = found[len(READING)].code == 0
    expected = (
        answers if is_loaded else [*answers[: len(READING)], answers[len(READING)], *answers[: len(READING)]]
    )
    for words, done, right in zip(COMMANDS, found, expected, strict=True):
        if done.code == 0:
            assert done.data == right.data, words
        else:
            assert (done.code, done.data) == (4, ""), (words, done)
            assert re.fullmatch(r"lodkit: error: [^\n]+\n", done.err), (words, done)
    return {done.code for done in found}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path, where: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    start = len(data) // 2 if where is None else where
    data[start : start + 3] = bytes(byte ^ 0xFF for byte in data[start : start + 3])
    path.write_bytes(data)


def flip_start(path: Path) -> None:
    flip(path, 0)


def remove(path: Path) -> None:
    path.unlink()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "empty": empty,
    "half": halve,
    "cut": cut,
    "flipped": flip,
    "flipped-at-the-start": flip_start,
    "gone": remove,
    "folder": make_folder,
    "loop": make_loop,
}
KINDS = ("CURRENT", "MANIFEST-*", "OPTIONS-*", "IDENTITY", "LOCK", "*.sst", "*.log", "LOG", LEDGER)


def damaged(whole: Path, folder: Path, name: str, damage: Callable[[Path], None]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    damage(folder / "store" / name)
    return folder


def files(whole: Path, kind: str) -> list[str]:
    found = sorted(path.name for path in (whole / "store").glob(kind))
    assert found, kind
    return found


def some(names: list[str], damage: str) -> list[str]:
    """Every other file of a kind where damage inside may pass unseen, the others with the other kind of it;
    else the first and the last.
    """
    if len(names) < 3:
        return names
    return names[damage == "flipped" :: 2] if damage.startswith("flipped") else [names[0], names[-1]]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "damage"), crossed(KINDS, list(DAMAGE), 3))
def test_a_damaged_file(
    kind: str, damage: str, whole: Path, answers: list[Done], forking: Forking, tmp_path: Path
) -> None:
    for name in some(files(whole, kind), damage):
        check_answers(damaged(whole, tmp_path / "here", name, DAMAGE[damage]), answers, forking)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_may_not_be_read(kind: str, whole: Path, answers: list[Done], tmp_path: Path) -> None:
    prefix = () if os.geteuid() else ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    if prefix and shutil.which(prefix[0]) is None:
        pytest.skip("no setpriv here, and root may read everything")
    with Forking(tmp_path, prefix=prefix) as forking:
        for name in files(whole, kind)[:2]:
            folder = damaged(whole, tmp_path / "here", name, lambda path: path.chmod(0))
            check_answers(folder, answers, forking)
            (folder / "store" / name).unlink(missing_ok=True)


def test_damage_of_each_kind(whole: Path, answers: list[Done], forking: Forking, tmp_path: Path) -> None:
    """A few of the above, in `make check` too."""
    [manifest] = files(whole, "MANIFEST-*")
    for name, damage in (
        ("CURRENT", remove),
        (manifest, halve),
        (files(whole, "*.sst")[-1], halve),
        (LEDGER, flip),
    ):
        assert 4 in check_answers(damaged(whole, tmp_path / "here", name, damage), answers, forking), name


# ---------------------------------------------------------------- the state that the engine goes back to


@pytest.fixture(scope="module")
def first_load(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one load without its log, as the next opening for writing leaves it: what the manifest does
    not say is nowhere.
    """
    folder = tmp_path_factory.mktemp("first")
    assert cli.main(["load", str(SMALL), "--into", str(folder / "store")]) == 0
    for log in (folder / "store").glob("*.log"):
        log.unlink()
    return folder


def test_what_the_engine_forgot_is_noticed(first_load: Path, tmp_path: Path) -> None:
    """The engine takes a manifest that is cut for an older one, and may open the store as it was then."""
    [name] = [path.name for path in (first_load / "store").glob("MANIFEST-*")]
    data = (first_load / "store" / name).read_bytes()
    right = sorted(map(str, Store(first_load / "store", read_only=True)))
    lost = 0
    for length in range(0, len(data), 29):
        for read_only in (True, False):
            folder = tmp_path / "here"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(first_load / "store", folder)
            (folder / name).write_bytes(data[:length])
            error = opening_error(folder, read_only, right)
            assert error is not None, length
            lost += "has lost what was loaded: 0 of 5 units are there" in error
    assert lost >= 10


def opening_error(folder: Path, read_only: bool, right: list[str]) -> str | None:
    """Open a store and look at it; return the error, None if it is whole."""
    try:
        store = Store(folder, read_only=read_only)
        check(store, layout_of(store, str(folder)))
    except StoreError as error:
        return str(error)
    assert sorted(map(str, store)) == right
    return None


def test_an_index_that_lags_behind_is_noticed(tmp_path: Path) -> None:
    """The quad that is looked up from each side is the one that the last load wrote."""
    assert cli.main(["load", str(SMALL), "--into", str(tmp_path / "store")]) == 0
    store = pyoxigraph.Store(str(tmp_path / "store"))
    [seal] = store.quads_for_pattern(NamedNode(SEAL), None, None, None)
    store.remove(seal)
    store.flush()
    del store
    code = cli.main(["store", str(tmp_path / "store")])
    assert code == 4


def lose_one(store: pyoxigraph.Store) -> None:
    store.remove(next(iter(store.quads_for_pattern(None, NamedNode(f"{RDF}object"), None, None))))


def lose_a_unit(store: pyoxigraph.Store) -> None:
    name = f"{ARTICLE}The_Buoy"
    for graph in ("#facts", "#evidence"):
        store.remove_graph(NamedNode(name + graph))
    for quad in list(store.quads_for_pattern(NamedNode(name), None, None, None)):
        store.remove(quad)


def lose_everything(store: pyoxigraph.Store) -> None:
    store.clear()


def lose_default(store: pyoxigraph.Store) -> None:
    store.clear_graph(pyoxigraph.DefaultGraph())


LOSSES: dict[str, tuple[str, Callable[[pyoxigraph.Store], None]]] = {
    "a quad": ("graphs", lose_one),
    "a unit": ("graphs", lose_a_unit),
    "everything": ("graphs", lose_everything),
    "a quad of one graph": ("merged", lose_one),
    "a unit of one graph": ("merged", lose_a_unit),
    "the one graph": ("merged", lose_default),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_quads_that_are_gone_are_missed_and_repaired(
    loss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout, lose = LOSSES[loss]
    where, back = str(tmp_path / "store"), str(tmp_path / "back.nq")
    assert cli.main(["load", str(SMALL), "--into", where, "--layout", layout]) == 0
    store = pyoxigraph.Store(where)
    lose(store)
    store.flush()
    del store
    capsys.readouterr()
    for words in (["store", where], ["query", "founders", "--on", where], ["export", where, "--to", back]):
        assert cli.main(words) == 4, words
        out, err = capsys.readouterr()
        assert out == ""
        assert re.fullmatch(
            r"lodkit: error: [^\n]*has lost what was loaded: \d+ of \d+ [^\n]*--repair[^\n]*\n", err
        )
    assert cli.main(["store", where, "--repair"]) == 0
    out, err = capsys.readouterr()
    assert (out, "its digest was taken away" in err or "are gone" in err) == ("", True)
    assert cli.main(["load", str(SMALL), "--into", where]) == 0
    for words in (["store", where], ["verify", where], ["export", where, "--to", back]):
        assert cli.main(words) == 0, (words, capsys.readouterr())
    right = sorted(str(quad) for quad in pyoxigraph.parse(SMALL.read_bytes(), pyoxigraph.RdfFormat.TRIG))
    assert sorted(str(quad) for quad in pyoxigraph.parse(path=back)) == right


def test_repair_of_what_cannot_be_opened(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = damaged(whole, tmp_path / "here", "CURRENT", empty)
    capsys.readouterr()
    assert cli.main(["store", str(folder / "store"), "--repair"]) == 4
    assert capsys.readouterr().err.endswith("(no command can mend it: load what it held into a new folder)\n")


@pytest.mark.parametrize("damage", [empty, flip, remove], ids=["empty", "flipped", "gone"])
def test_repair_writes_the_list_of_what_was_loaded_anew(
    damage: Callable[[Path], None], whole: Path, answers: list[Done], forking: Forking, tmp_path: Path
) -> None:
    folder = damaged(whole, tmp_path / "here", LEDGER, damage)
    assert cli.main(["store", str(folder / "store")]) == 4
    assert cli.main(["store", str(folder / "store"), "--repair"]) == 0
    assert check_answers(folder, answers, forking) == {0}


def test_repair_of_a_whole_store_changes_nothing(
    whole: Path, answers: list[Done], forking: Forking, tmp_path: Path
) -> None:
    folder = damaged(whole, tmp_path / "here", "LOG", empty)
    assert cli.main(["store", str(folder / "store"), "--repair"]) == 0
    assert check_answers(folder, answers, forking) == {0}


def test_a_store_of_an_older_lodkit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has digests without numbers, and no list beside it; the next load writes both."""
    where = str(tmp_path / "store")
    assert cli.main(["load", str(SMALL), "--into", where]) == 0
    store = pyoxigraph.Store(where)
    for quad in list(store.quads_for_pattern(None, None, None, NamedNode(LOADS))):
        store.remove(quad)
        if quad.predicate == NamedNode(DIGEST):
            digest = Literal(str(getattr(quad.object, "value", "")).split(" ")[0])
            store.add(Quad(quad.subject, quad.predicate, digest, quad.graph_name))
    del store
    (tmp_path / "store" / LEDGER).unlink()
    for words in (["store", where], ["query", "founders", "--on", where], ["verify", where]):
        assert cli.main(words) == 0
    assert "3 units by the number of quads" in capsys.readouterr().err
    assert cli.main(["load", str(SMALL), "--into", where]) == 0
    assert "3 articles (3 unchanged): nothing to load" in capsys.readouterr().err
    assert (tmp_path / "store" / LEDGER).is_file()
    assert cli.main(["store", where]) == 0


# ---------------------------------------------------------------- the disk, and the end of the process


def test_a_load_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    """With the engine's log gone, all is there: nothing of a load that was told is only in the log."""
    assert cli.main(["load", str(SMALL), "--into", str(tmp_path / "store")]) == 0
    for log in (tmp_path / "store").glob("*.log"):
        log.unlink()
    assert cli.main(["verify", str(tmp_path / "store")]) == 0
    assert len(Store(tmp_path / "store", read_only=True)) > OF_ALL


@pytest.mark.parametrize("size", [1_000, 20_000, 200_000, 1_000_000])
def test_files_that_may_not_grow(size: int, tmp_path: Path) -> None:
    """A bound on the size of files, as a quota or a full disk: what was there stays, and the load goes on."""
    assert cli.main(["load", str(write_mine(tmp_path, "one")), "--into", str(tmp_path / "store")]) == 0
    code = f"import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); "
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); import sys; from lodkit.cli import main; "
    code += f"sys.exit(main(['load', {str(SMALL)!r}, '--into', {str(tmp_path / 'store')!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (0, 4), done
    assert_goes_on(done, tmp_path)


def write_mine(folder: Path, name: str) -> Path:
    (folder / f"{name}.nq").write_text(f'<x:a> <x:b> "1" <x:{name}> .\n')
    return folder / f"{name}.nq"


def assert_goes_on(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    """The store is whole, holds what was loaded before, and takes the load that failed."""
    if done.returncode == 4:
        assert re.fullmatch(r"(lodkit: stopped after [^\n]+\n)?lodkit: error: [^\n]+\n", done.stderr), done
    assert cli.main(["verify", str(folder / "store")]) == 0
    assert cli.main(["load", str(SMALL), "--into", str(folder / "store")]) == 0
    assert cli.main(["export", str(folder / "store"), "--to", str(folder / "back.nq")]) == 0
    assert (folder / "back.nq").read_text().count("\n") == OF_ALL + 1


@pytest.mark.parametrize("size", ["1m", "2m", "4m"])
def test_a_full_disk(size: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root mounts a small disk")
    try:
        assert cli.main(["load", str(write_mine(tmp_path, "one")), "--into", str(disk / "store")]) in (0, 4)
        code = "import sys; from lodkit.cli import main; sys.exit(main(sys.argv[1:]))"
        words = ["load", str(SMALL), "--into", str(disk / "store")]
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (0, 4), done
        if (disk / "store").exists():
            shutil.copytree(disk / "store", tmp_path / "store")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
    if done.returncode == 4:
        assert re.fullmatch(r"(lodkit: stopped after [^\n]+\n)?lodkit: error: [^\n]+\n", done.stderr), done
    assert cli.main(["load", str(tmp_path / "one.nq"), "--into", str(tmp_path / "store")]) == 0
    assert_goes_on(subprocess.CompletedProcess([], 0, "", ""), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_a_load_that_is_killed_at_any_time(layout: str, tmp_path: Path) -> None:
    """What was told as loaded is there, each article is old or new, and nothing is taken for damage."""
    first, where = write_mine(tmp_path, "one"), tmp_path / "store"
    randomly, killed = random.Random(7), 0
    assert cli.main(["load", str(first), "--into", str(where), "--layout", layout]) == 0
    for _ in range(10):
        code = "import sys; from lodkit.cli import main; sys.exit(main(sys.argv[1:]))"
        command = [sys.executable, "-c", code, "load", str(SMALL), "--into", str(where)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3 + randomly.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() < 0
        assert cli.main(["verify", str(where)]) == (1 if is_empty(where) else 0)
        store = Store(where, read_only=True)
        found = layout_of(store, "")
        assert found is not None
        assert "x:one" in {unit.name for unit in units_in(store, found)}
        del store
    assert killed
    assert cli.main(["load", str(SMALL), "--into", str(where)]) == 0
    assert cli.main(["verify", str(where)]) == 0


def is_empty(where: Path) -> bool:
    return not (where / "CURRENT").exists()


def test_a_store_that_is_killed_before_its_first_load_ends(tmp_path: Path) -> None:
    """It is open for reading, and for the load."""
    store = Store(tmp_path / "store")
    begin(store)
    store.extend([Quad(NamedNode("x:a"), NamedNode("x:b"), Literal("1"), NamedNode("x:g"))])
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    assert cli.main(["store", str(tmp_path / "copy")]) == 0
    assert cli.main(["load", str(SMALL), "--into", str(tmp_path / "copy")]) == 0
    assert cli.main(["store", str(tmp_path / "copy")]) == 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError("anything"), StoreError("full")], ids=str)
@pytest.mark.parametrize("command", ["load", "build"])
def test_what_was_loaded_before_a_stop_is_on_the_disk(
    command: str, stop: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the engine's log gone, the articles before the one at which the load stopped are there."""
    real, where, articles = Loading.load, tmp_path / "store", []
    for name in ("Ash Club", "Birch Club", "Cedar Club"):
        articles.append(str(tmp_path / f"{name.replace(' ', '_')}.txt"))
        Path(articles[-1]).write_text(f"= {name} =\n\n{name}\n- Founded: 1996\n\n{name} is a club.\n")

    def load(self: Loading, unit: Unit) -> str:
        if unit.name.endswith(("The_Buoy", "Cedar_Club")):
            raise stop
        return real(self, unit)

    monkeypatch.setattr(Loading, "load", load)
    words = ["load", str(SMALL)] if command == "load" else ["build", *articles, "--no-validate"]
    assert cli.main([*words, "--into", str(where)]) != 0
    for log in where.glob("*.log"):
        log.unlink()
    assert cli.main(["verify", str(where)]) == 0
    store = Store(where, read_only=True)
    found = layout_of(store, "")
    assert found is not None
    assert sum(unit.is_article for unit in units_in(store, found)) == 2
