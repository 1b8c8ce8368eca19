"""The embedded store: killed in the middle, written and read at the same time, and loaded with more than
memory should hold.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize
from tests.stores.conftest import SMALL
from tests.stores.sizes import OF_ALL

from lodkit import cli
from lodkit.errors import StoreError
from lodkit.load import Graphs, Loading, Unit, layout_of, make_unit, units_in, way_into_store
from lodkit.load.units import group_units
from lodkit.store import Store

pytestmark = pytest.mark.slow

LODKIT = [sys.executable, "-c", "import sys; from lodkit.cli import main; sys.exit(main(sys.argv[1:]))"]
ARTICLE = "https://w3id.org/lodkit/article/"
ENTITY = "https://w3id.org/lodkit/id/"


def many(count: int, version: str, statements: int = 60) -> list[Unit]:
    """Articles with evidence and facts, all of whose quads carry a version."""
    units = []
    for number in range(count):
        name, entity = f"{ARTICLE}Number_{number:04}", f"{ENTITY}Number_{number:04}"
        evidence, facts = NamedNode(f"{name}#evidence"), NamedNode(f"{name}#facts")
        value = Literal(f"version {version}")
        quads = [
            Quad(NamedNode(f"{name}#statement-{i}"), NamedNode("https://example.org/p"), value, evidence)
            for i in range(statements)
        ]
        quads += [
            Quad(NamedNode(f"{entity}/x{i}"), NamedNode("https://example.org/p"), value, facts)
            for i in range(statements)
        ]
        units.append(make_unit(name, quads))
    return units


def write(units: list[Unit], path: Path) -> Path:
    path.write_bytes(
        serialize([quad for unit in units for quad in unit.quads], format=RdfFormat.N_QUADS) or b""
    )
    return path


def versions(folder: Path) -> dict[str, set[tuple[str, int]]]:
    """Each article's versions in the store, with how many quads there are of each; the store is opened as
    after any crash.
    """
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for quad in Store(folder):
        graph = str(quad.graph_name)
        if "Number_" in graph:
            counts[graph[1:-1].partition("#")[0], str(quad.object)] += 1
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for (name, version), count in counts.items():
        found[name].add((version, count))
    return found


def test_a_load_that_is_killed_leaves_each_article_before_or_after(tmp_path: Path) -> None:
    """Kill the process at any time: every article has all quads of the old version or all of the new one."""
    old, new = many(60, "old"), many(60, "new")
    folder = tmp_path / "store"
    files = {"old": write(old, tmp_path / "old.nq"), "new": write(new, tmp_path / "new.nq")}
    begin = time.monotonic()
    subprocess.run([*LODKIT, "load", str(files["old"]), "--into", str(folder)], check=True)
    whole_load = time.monotonic() - begin
    whole = {(f'"version {version}"', 120) for version in files}
    randomly, mixed, attempt = random.Random(3), 0, 0
    while attempt < 8 or not (mixed or attempt == 60):
        version = ("new", "old")[attempt % 2]
        process = subprocess.Popen(
            [*LODKIT, "load", str(files[version]), "--into", str(folder)], stderr=subprocess.DEVNULL
        )
        time.sleep(whole_load * randomly.uniform(0.3, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = versions(folder)
        assert len(found) == 60
        assert all(len(states) == 1 and states <= whole for states in found.values())
        mixed += len({version for states in found.values() for version, _ in states}) == 2
        attempt += 1
    assert mixed, "no kill came in the middle of a load"
    assert cli.main(["load", str(files["new"]), "--into", str(folder)]) == 0
    assert set.union(*versions(folder).values()) == {('"version new"', 120)}


def test_a_first_load_that_is_killed_goes_on(tmp_path: Path) -> None:
    folder, file = tmp_path / "store", write(many(150, "new"), tmp_path / "new.nq")
    partial = 0
    for _ in range(8):
        process = subprocess.Popen(
            [*LODKIT, "load", str(file), "--into", str(folder)], stderr=subprocess.DEVNULL
        )
        time.sleep(0.45)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = versions(folder) if (folder / "CURRENT").is_file() else {}
        assert all(states == {('"version new"', 120)} for states in found.values())
        partial += 0 < len(found) < 150
    assert cli.main(["load", str(file), "--into", str(folder)]) == 0
    assert len(versions(folder)) == 150


def test_one_writes_or_several_read(
    tmp_path: Path, small: list[Unit], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "store"
    store = Store(folder)
    Loading(way_into_store(store), Graphs()).load(small[0])
    for words in (
        ["load", str(SMALL), "--into"],
        ["query", "founders", "--on"],
        ["store"],
        ["export", "--to", "-", "-f", "nq"],
    ):
        done = subprocess.run([*LODKIT, *words, str(folder)], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (4, "")
        assert (
            done.stderr
            == f"lodkit: error: {folder}: the store is in use by another process (wait until it is done, or read a copy)\n"
        )
    with pytest.raises(StoreError, match="in use"):
        Store(folder, read_only=True)
    del store
    readers = [Store(folder, read_only=True), Store(folder, read_only=True)]
    assert subprocess.run([*LODKIT, "store", str(folder)], capture_output=True).returncode == 0
    done = subprocess.run(
        [*LODKIT, "load", str(SMALL), "--into", str(folder)], capture_output=True, text=True
    )
    assert (done.returncode, "in use by another process" in done.stderr) == (4, True)
    del readers
    assert (
        subprocess.run([*LODKIT, "load", str(SMALL), "--into", str(folder)], capture_output=True).returncode
        == 0
    )


def peak(*words: str | Path) -> int:
    """Run the command in a process of its own; return the most memory that it had, in kilobytes."""
    code = "from resource import *; import sys; from lodkit.cli import main; main(sys.argv[1:]); print(getrusage(RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=True
    )
    return int(done.stdout.splitlines()[-1])


def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    files = [write([unit], tmp_path / f"{number:04}.nq") for number, unit in enumerate(many(300, "new", 400))]
    few, more = (peak("load", *files[:count], "--into", tmp_path / f"store{count}") for count in (100, 300))
    assert more < few + 25_000, f"{few} kB for 100 files, {more} kB for 300"


def test_memory_does_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    text = (
        "= {name} =\n\n{name}\n- Founded: 1996\n- Founder: Ada Lund\n\n"
        + "{name} was founded in Arvika by Ada Lund. " * 40
    )
    files = []
    for number in range(150):
        files.append(tmp_path / f"Party_{number:04}.txt")
        files[-1].write_text(text.format(name=f"Party {number:04}"), encoding="utf-8")
    few, more = (
        peak("build", *files[:count], "--no-validate", "--into", tmp_path / f"store{count}")
        for count in (50, 150)
    )
    assert more < few + 25_000, f"{few} kB for 50 articles, {more} kB for 150"


# ---------------------------------------------------------------- units


def test_quads_in_any_order_become_the_same_units(small: list[Unit]) -> None:
    quads = list(parse(SMALL.read_bytes(), RdfFormat.TRIG))
    random.Random(1).shuffle(quads)
    for most_held in (10, 500, 10_000):
        units = list(group_units(quads * 2, most_held=most_held))
        assert [(unit.name, unit.graphs, unit.digest) for unit in units] == [
            (unit.name, unit.graphs, unit.digest) for unit in small
        ]


def test_the_digest_is_that_of_the_exported_quads(
    small: list[Unit], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import hashlib

    file = write([small[0]], tmp_path / "one.nq")
    assert cli.main(["export", str(file), "--to", str(tmp_path / "sorted.nq")]) == 0
    assert hashlib.sha256((tmp_path / "sorted.nq").read_bytes()).hexdigest() == small[0].digest


def test_blank_nodes_become_the_same_iris_each_time(tmp_path: Path) -> None:
    one = b'<x:a> <x:p> _:b <x:g> .\n_:b <x:p> "1" <x:g> .\n_:b <x:q> _:c <x:g> .\n_:c <x:p> "2" <x:g> .'
    other = one.replace(b"_:b", b"_:zz").replace(b"_:c", b"_:b")
    first, second = (next(iter(group_units(parse(data, RdfFormat.N_QUADS)))) for data in (one, other))
    assert (first.digest, first.graphs, first.skolemized) == (second.digest, second.graphs, 2)
    assert not any("_:" in line for line in first.graphs["x:g"])


def test_an_export_is_the_build(
    tmp_path: Path, bundled: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Articles through a store, and written at once: the same bytes."""
    articles = list(map(str, bundled))
    assert (
        cli.main(
            [
                "build",
                *articles,
                "-o",
                str(tmp_path / "direct.nq"),
                "--into",
                str(tmp_path / "store"),
                "--json",
            ]
        )
        == 0
    )
    loaded = json.loads(capsys.readouterr().out)["loaded"]
    assert (loaded["articles"], loaded["layout"], loaded["literalsInAnotherForm"]) == (
        {"new": 3},
        "graphs",
        0,
    )
    for form in ("nq", "trig", "ttl", "jsonld"):
        direct, stored = tmp_path / f"direct.{form}", tmp_path / f"stored.{form}"
        assert cli.main(["export", str(tmp_path / "direct.nq"), "--to", str(direct)]) == 0
        assert cli.main(["export", str(tmp_path / "store"), "--to", str(stored)]) == 0
        assert direct.read_bytes() == stored.read_bytes()


def test_all_articles_at_once(tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = sorted(map(str, (shared / "articles").glob("*.txt")))
    assert cli.main(["build", *articles, "--no-validate", "--into", str(tmp_path / "store")]) == 0
    assert f"{len(articles)} articles ({len(articles)} new): " in capsys.readouterr().err
    store = Store(tmp_path / "store", read_only=True)
    layout = layout_of(store, "")
    assert layout is not None
    assert sum(unit.is_article for unit in units_in(store, layout)) == len(articles)


# ---------------------------------------------------------------- the commands


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.trig").write_bytes(SMALL.read_bytes())
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    return (cli.main(list(words)), *capsys.readouterr())


def test_load_says_what_became_of_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "load", "small.trig", "--into", "store")
    assert (code, out) == (0, "")
    assert err.startswith(f"3 articles (3 new): {OF_ALL} triples and ")
    assert err.endswith(" of the ontology loaded, in the layout graphs\n")
    assert run(capsys, "load", "small.trig", "--into", "store") == (
        0,
        "",
        "3 articles (3 unchanged): nothing to load\n",
    )
    code, out, _ = run(capsys, "load", "small.trig", "--into", "store", "--json")
    assert json.loads(out) == {
        "into": "store",
        "layout": "graphs",
        "articles": {"unchanged": 3},
        "otherGraphs": {},
        "triples": 0,
        "ontologyTriples": 0,
        "blankNodes": 0,
        "literalsInAnotherForm": 0,
        "errors": [],
    }


def test_store_tells_what_is_there(
    here: Path, bundled: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "build", str(bundled[0]), "--into", "store")
    code, out, err = run(capsys, "store", "store")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "name,title,triples,facts,evidence,lodkit,domain,state")
    assert [line.split(",")[0] for line in lines[1:]] == [
        f"{ARTICLE}Peace_Now",
        "https://w3id.org/lodkit/core",
        "https://w3id.org/lodkit/movement",
    ]
    assert lines[1].endswith(",loaded")
    assert err.startswith("store: 1 article, ")
    _, out, _ = run(capsys, "store", "store", "--json")
    entry = json.loads(out)["units"][0]
    assert (entry["kind"], entry["title"], entry["toolVersion"], entry["finished"]) == (
        "article",
        "Peace Now",
        "0.1.0",
        True,
    )
    assert entry["evidence"] + entry["facts"] == int(lines[1].split(",")[2])


def test_several_files_of_which_some_are_bad(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.nq").write_text("<x:a> <x:b>\n")
    code, _, err = run(capsys, "load", "small.trig", "bad.nq", "none.nq", "--into", "store")
    assert code == 5
    assert (
        err.splitlines()[1:]
        == [
            "lodkit: error: none.nq: no such file",
            "lodkit: error: bad.nq:1:12: not N-Quads: The object is expected",
        ]
        or err.count("lodkit: error: ") == 2
    )
    assert run(capsys, "load", "bad.nq", "none.nq", "--into", "other")[0] == 3


def test_nothing_is_made_where_nothing_can_be_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "load", "none.nq", "--into", "store")
    assert (code, err) == (3, "lodkit: error: none.nq: no such file\n")
    assert not (here / "store").exists()


def test_an_article_twice(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In two formats it is one; in two versions nobody knows which one is meant."""
    assert run(capsys, "export", "small.trig", "--to", "again.nq")[0] == 0
    code, _, err = run(capsys, "load", "small.trig", "again.nq", "--into", "store")
    assert (code, "6 articles (3 new, 3 unchanged)" in err) == (0, True)
    text = (here / "again.nq").read_text(encoding="utf-8")
    (here / "again.nq").write_text(text.replace("Blue_Lantern.txt", "Other.txt"), encoding="utf-8")
    code, _, err = run(capsys, "load", "small.trig", "again.nq", "--into", "other")
    assert code == 5
    assert (
        f"lodkit: error: again.nq: {ARTICLE}Blue_Lantern: came before in this call, in another version (give each"
        " article once)\n"
    ) in err


def test_turtle_with_evidence_goes_into_its_graphs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "export", "small.trig", "--to", "small.ttl", "--evidence")
    run(capsys, "load", "small.ttl", "--into", "store")
    run(capsys, "export", "store", "--to", "back.nq")
    run(capsys, "export", "small.trig", "--to", "small.nq")
    assert (here / "back.nq").read_bytes() == (here / "small.nq").read_bytes()


def test_facts_without_a_graph_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "export", "small.trig", "--to", "small.ttl")
    code, _, err = run(capsys, "load", "small.ttl", "--into", "store")
    assert code == 3
    assert (
        "lodkit: error: small.ttl: in no graph and in no article's evidence: 90 of the triples (say with --graph IRI, or --graph default, which graph"
        in err
    )


def test_merged_needs_evidence(here: Path, bundled: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "build", str(bundled[0]), "-o", "facts.nq", "--no-evidence")
    code, _, err = run(capsys, "load", "facts.nq", "--into", "store", "--layout", "merged")
    assert code == 3
    assert (
        "nothing but evidence tells its facts from those of other articles (load it with evidence, or with --layout graphs)"
        in err
    )
    assert run(capsys, "load", "facts.nq", "--into", "other")[0] == 0


def test_a_store_keeps_its_layout(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "load", "small.trig", "--into", "store", "--layout", "merged")[2].endswith(
        "in the layout merged\n"
    )
    assert run(capsys, "load", "small.trig", "--into", "store") == (
        0,
        "",
        "3 articles (3 unchanged): nothing to load\n",
    )
    code, _, err = run(capsys, "load", "small.trig", "--into", "store", "--layout", "graphs")
    message = (
        "holds articles in the layout merged, not graphs (leave --layout out, or load into another store)"
    )
    assert (code, err) == (2, f"lodkit: error: store: {message}\n")


def test_own_graphs_are_loaded_and_exported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine.nq").write_text('<x:a> <x:b> "1" <x:mine> .\n<x:a> <x:b> _:c <x:mine> .\n')
    code, _, err = run(capsys, "load", "mine.nq", "--into", "store")
    assert (code, "1 other graph (1 new): 2 triples" in err, "1 blank node got IRIs" in err) == (
        0,
        True,
        True,
    )
    run(capsys, "export", "store", "--to", "back.nq")
    assert (here / "back.nq").read_text().startswith('<x:a> <x:b> "1" <x:mine> .\n<x:a> <x:b> <x:mine#genid-')


def test_literals_that_change_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine.nq").write_text('<x:a> <x:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> <x:mine> .\n')
    _, _, err = run(capsys, "load", "mine.nq", "--into", "store")
    assert (
        'warning: 1 literal will come back from this store in another form: "01"^^<http://www.w3.org/2001/XMLSchema#integer>\n'
        in err
    )


@pytest.mark.parametrize(
    "command",
    [["store", "none"], ["export", "small", "--to", "x.nq"], ["query", "founders", "--on", "small"]],
)
def test_a_folder_that_is_no_store(
    here: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "small").mkdir()
    code, out, err = run(capsys, *command)
    assert (code, out, err.count("\n")) in ((3, "", 1), (2, "", 1))


def test_strict_loads_all_or_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = "= Blue Lantern =\n\nBlue Lantern\n- Founder: Ada Lund\n\nBlue Lantern is a political party in Norland.\n"
    (here / "good.txt").write_text(good, encoding="utf-8")
    assert run(capsys, "build", "good.txt", "--strict", "--into", "store")[0] == 0
    assert run(capsys, "store", "store")[1].count(ARTICLE) == 1


def test_an_interrupted_load_says_how_to_go_on(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Loading.load

    def load(self: Loading, unit: Unit) -> str:
        if unit.name.endswith("The_Buoy"):
            raise KeyboardInterrupt
        return real(self, unit)

    monkeypatch.setattr(Loading, "load", load)
    code, _, err = run(capsys, "load", "small.trig", "--into", "store")
    assert (code, err) == (
        130,
        "lodkit: stopped after 2 articles (2 new); the same command goes on from there\nlodkit: interrupted\n",
    )


def test_what_was_not_finished_is_left_out_of_an_export(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "load", "small.trig", "--into", "store")
    store = Store("store")
    store.update(
        f"DELETE WHERE {{ GRAPH ?g {{ <{ARTICLE}The_Buoy> <https://w3id.org/lodkit/core#digest> ?digest }} }}"
    )
    del store
    code, _, err = run(capsys, "export", "store", "--to", "back.nq")
    assert (code, err) == (
        5,
        "lodkit: warning: left out, because the load was not finished: 1 article (load again)\n",
    )
    assert "The_Buoy#" not in (here / "back.nq").read_text()
    _, out, err = run(capsys, "store", "store")
    assert (out.count(",unfinished"), err.endswith("; 1 unfinished: load them again\n")) == (1, True)
