"""Every input has a bound, the bound is an error of one line, and one bad article does not stop the others."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from lodkit import cli
from lodkit.domain import Domain, read_domain
from lodkit.errors import InputError
from lodkit.files import open_input, read_bytes
from lodkit.limits import limits, reset_limits, set_limits

pytestmark = pytest.mark.slow

ZEROS = 2**26
GOOD = "= {0} =\n\n{0}\n- Founded: 1996\n- Founder: Ada Lund\n\n{0} is a political party in Norland.\n"


def bomb(pack: Callable[[bytes], bytes], times: int = ZEROS // 2**20) -> bytes:
    """Compressed zeros: both formats go on with the next stream where one ends."""
    return pack(bytes(2**20)) * times


@pytest.fixture(autouse=True)
def _usual_limits() -> Iterator[None]:
    yield
    reset_limits()


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(domain: Domain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, the bundled domain read once."""
    from lodkit.cli import build, validate

    for module in (build, validate):
        monkeypatch.setattr(
            module, "read_domain", lambda place=None: domain if place is None else read_domain(place)
        )

    def call(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.main([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return call


def errors(done: Done) -> list[str]:
    return [line for line in done.err.splitlines() if line.startswith("lodkit: error: ")]


def one_error(done: Done, code: int = 3) -> str:
    assert (done.code, done.out, len(done.err.splitlines())) == (code, "", 1), done
    return errors(done)[0]


# ---- reading


@pytest.mark.parametrize("name", ["a", "a.gz", "a.bz2"])
@pytest.mark.parametrize("length", [0, 1, 999, 1000, 1001, 70_000])
def test_a_file_of_the_bound_is_read_and_a_longer_one_is_an_error(
    tmp_path: Path, name: str, length: int
) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {"a": bytes, "a.gz": gzip.compress, "a.bz2": bz2.compress}
    pack = packs[name]
    data = os.urandom(length)
    (tmp_path / name).write_bytes(pack(data))
    assert read_bytes(tmp_path / name, most=length) == data
    if length:
        with pytest.raises(InputError, match=r"longer than \d+ bytes.*--limit-input") as caught:
            read_bytes(tmp_path / name, most=length - 1)
        assert ("decompressed" in str(caught.value)) == (name != "a")


@pytest.mark.parametrize(("name", "pack"), [("a.gz", gzip.compress), ("a.bz2", bz2.compress), ("a", bytes)])
def test_no_more_than_the_bound_is_held(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / name).write_bytes(bomb(pack))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="longer than 2 MiB"):
            read_bytes(tmp_path / name, most=2**21)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_a_stream_is_read_up_to_the_bound(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789" * 100_000)
    with open_input(tmp_path / "a", most=500_000) as stream:
        assert stream.read(3) == b"012"
        with pytest.raises(InputError, match="longer than 500000 bytes"):
            list(iter(lambda: stream.read(65_536), b""))


def test_the_default_is_the_limit_of_inputs(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(3000))
    set_limits(input=2000)
    with pytest.raises(InputError, match="longer than 2000 bytes"):
        read_bytes(tmp_path / "a")
    set_limits(input=3000)
    assert len(read_bytes(tmp_path / "a")) == 3000


def test_an_error_in_the_block_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(OSError, match="of another file"), open_input(tmp_path / "a"):
        raise OSError("of another file")


def endless(path: Path) -> threading.Thread:
    """Make a FIFO that is written to as long as somebody reads."""
    os.mkfifo(path)

    def write() -> None:
        with suppress(BrokenPipeError), path.open("wb", buffering=0) as stream:
            while True:
                stream.write(bytes(2**16))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("command", ["build", "validate"])
def test_input_without_end(run: Run, tmp_path: Path, command: str) -> None:
    thread = endless(tmp_path / "pipe")
    for source in ("/dev/zero", tmp_path / "pipe"):
        assert "longer than 1 MiB" in one_error(run(command, source, "--limit-input", "1M"))
    thread.join(60)
    assert not thread.is_alive()


def test_standard_input_without_end() -> None:
    program = "import sys; from lodkit.cli import main; sys.exit(main(['build', '-', '--limit-input', '1M']))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with Path("/dev/zero").open("rb") as zeros:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdin=zeros,
            capture_output=True,
            text=True,
            env=environment,
            timeout=300,
        )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "lodkit: error: -: is longer than 1 MiB (--limit-input SIZE takes more)\n"


def test_a_closed_standard_input_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input is closed"):
        read_bytes("-")


BOMBS: dict[str, tuple[str, Callable[[bytes], bytes], list[str]]] = {
    "article-gz": ("a.txt.gz", gzip.compress, ["build"]),
    "article-bz2": ("a.txt.bz2", bz2.compress, ["build"]),
    "validated-gz": ("a.txt.gz", gzip.compress, ["validate"]),
    "turtle-gz": ("a.ttl.gz", gzip.compress, ["validate"]),
    "turtle-bz2": ("a.ttl.bz2", bz2.compress, ["export", "--format", "nq"]),
    "json-ld-gz": ("a.jsonld.gz", gzip.compress, ["export", "--format", "nq"]),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_one_line(run: Run, tmp_path: Path, name: str) -> None:
    file, pack, command = BOMBS[name]
    blanks = pack(b" " * 2**20) * 64  # what a parser passes over, so that only the bound ends it
    (tmp_path / file).write_bytes(blanks)
    assert len(blanks) < 2**17
    done = run(command[0], tmp_path / file, *command[1:], "--limit-input", "4M")
    assert "is longer than 4 MiB when decompressed" in one_error(done)


def test_limit_input_raises_the_bound(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD.format("Blue Lantern") + " " * 5000, encoding="utf-8")
    assert "longer than 4 KiB" in one_error(run("build", tmp_path / "a.txt", "--limit-input", "4K"))
    assert run("build", tmp_path / "a.txt", "--limit-input", "6K", "--no-validate").code == 0
    assert limits().article == 6 * 1024


# ---- what lies beside an article

BESIDE = {
    "long": ("#" * (2**20 + 1), "beside.toml: is longer than 1 MiB"),
    "no-toml": ("a = ", "beside.toml: not TOML"),
    "not-utf-8": ("language = 'é'".encode("latin-1").decode("utf-8", "surrogateescape"), "not TOML"),
    "language": ('language = "en@x"', "beside.toml: language: no language tag: 'en@x'"),
    "language-of-words": ('language = "plain English"', "no language tag"),
    "language-of-nine-letters": ('language = "abcdefghi"', "no language tag"),
    "no-language": ('language = ""', "no language tag"),
    "list": ("title = [1]", "beside.toml: title: expected one value"),
    "nested": ("a = " + "[" * 20_000 + "]" * 20_000, "beside.toml: is nested too deeply"),
    "digits": ("revision = " + "1" * 5000, "beside.toml: not TOML"),
    "hexadecimal": ("revision = 0x" + "f" * 5000, "beside.toml: not TOML"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_lies_beside_an_article_is_refused_in_one_line(run: Run, tmp_path: Path, name: str) -> None:
    toml, message = BESIDE[name]
    (tmp_path / "beside.txt").write_text(GOOD.format("Blue Lantern"), encoding="utf-8")
    (tmp_path / "beside.toml").write_bytes(toml.encode("utf-8", "surrogateescape"))
    assert message in one_error(run("build", tmp_path / "beside.txt"))


@pytest.mark.parametrize("name", ["a" * 251 + ".txt", ".gz", ".bz2", "...", "a.", ".txt", "-", "a.b.txt"])
def test_names_that_leave_nothing_to_lie_beside(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD.format("Blue Lantern"), encoding="utf-8")
    assert run("build", tmp_path / name, "--no-validate").code == 0


def test_no_device_beside_an_article_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD.format("Blue Lantern"), encoding="utf-8")
    (tmp_path / "a.toml").symlink_to("/dev/zero")
    assert run("build", tmp_path / "a.txt", "--no-validate").code == 0


# ---- one bad article among others


def bad_articles(folder: Path) -> dict[str, str]:
    """Make articles that cannot be built, and say what is told of each."""
    for name, (toml, _) in BESIDE.items():
        (folder / f"{name}.txt").write_text(GOOD.format(f"Bad {name}"), encoding="utf-8")
        (folder / f"{name}.toml").write_bytes(toml.encode("utf-8", "surrogateescape"))
    (folder / "bomb.txt.gz").write_bytes(bomb(gzip.compress, 65))
    (folder / "bomb.txt.bz2").write_bytes(bomb(bz2.compress, 65))
    (folder / "folder.txt").mkdir()
    (folder / "nul.txt").write_bytes(b"= A =\n\0")
    Path(os.fsdecode(os.fsencode(folder) + b"/odd-\xff.txt")).write_text(GOOD.format("Odd"), encoding="utf-8")
    return {
        "folder.txt": "no articles in this folder",
        **{f"{name}.txt": message.removeprefix("beside.toml: ") for name, (_, message) in BESIDE.items()},
        "bomb.txt.gz": "longer than 64 MiB when decompressed",
        "bomb.txt.bz2": "longer than 64 MiB when decompressed",
        "nul.txt": "NUL",
        os.fsdecode(b"odd-\xff.txt"): "the name of the file is not UTF-8",
        "missing.txt": "no such file",
    }


@pytest.mark.parametrize("target", ["out/", "out.nq"])
def test_bad_articles_do_not_stop_a_batch(run: Run, tmp_path: Path, target: str) -> None:
    bad = bad_articles(tmp_path)
    good = ("Blue Lantern", "Red Harbour", "Green Coast")
    for number, name in enumerate(good):
        (tmp_path / f"good-{number}.txt").write_text(GOOD.format(name), encoding="utf-8")
    names = list(bad)
    order = ["good-0.txt", *names[:6], "good-1.txt", *names[6:], "good-2.txt"]
    done = run("build", *(tmp_path / name for name in order), "-o", f"{tmp_path}/{target}", "--no-validate")
    assert done.code == 5
    told = errors(done)
    assert len(told) == len(bad), done.err
    for line, message in zip(told, bad.values(), strict=True):
        assert message in line
    if target == "out/":
        assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == [
            "Blue_Lantern",
            "Green_Coast",
            "Red_Harbour",
        ]
    else:
        data = (tmp_path / target).read_text("utf-8")
        assert all(name.replace(" ", "_") in data for name in good)


FAILURES = {
    "memory": (MemoryError(), "needs more memory than there is"),
    "nesting": (RecursionError("maximum recursion depth exceeded"), "is nested too deeply"),
}
STEPS = ("lodkit.build.read_articles", "lodkit.build.extract", "lodkit.build.quads", "lodkit.cli.build.write")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", FAILURES)
def test_memory_and_nesting_are_one_article_s_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, name: str
) -> None:
    """The second of three articles fails at a step."""
    error, message = FAILURES[name]
    for number, title in enumerate(("Blue Lantern", "Red Harbour", "Green Coast")):
        (tmp_path / f"{number}.txt").write_text(GOOD.format(title), encoding="utf-8")
    module, _, attribute = step.rpartition(".")
    original, calls = getattr(sys.modules[module], attribute), []

    def fail(*arguments: object, **options: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise error
        return original(*arguments, **options)

    monkeypatch.setattr(step, fail)
    articles = [tmp_path / f"{number}.txt" for number in range(3)]
    done = run("build", *articles, "-o", f"{tmp_path}/out/", "--no-validate")
    assert done.code == 5
    assert len(errors(done)) == 1
    assert f"{articles[1]}: {message}" in errors(done)[0]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"Blue_Lantern.trig", "Green_Coast.trig"}
    calls[:] = [1]
    assert message in one_error(run("build", articles[1], "-o", f"{tmp_path}/other/", "--no-validate"))
    assert list((tmp_path / "other").iterdir()) == []


def test_validation_out_of_memory_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(GOOD.format("Blue Lantern"), encoding="utf-8")

    def fail(*arguments: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("lodkit.validate.validate", fail)
    monkeypatch.setattr("lodkit.cli.validate.validate", fail)
    for command in ("build", "validate"):
        assert "needs more memory" in one_error(run(command, tmp_path / "a.txt"))


def test_a_second_title_is_said(run: Run, tmp_path: Path) -> None:
    texts = {
        "one": GOOD.format("Blue Lantern"),
        "two": GOOD.format("Red Harbour") + "\n= Green Coast =\n\nIt is a party.\n",
        "many": GOOD.format("Lamp") + "\n= A =\n" * 5,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    articles = [tmp_path / f"{name}.txt" for name in texts]
    done = run("build", *articles, "-o", f"{tmp_path}/out/", "--no-validate")
    warnings = [line for line in done.err.splitlines() if "warning" in line]
    assert done.code == 0
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert [line.partition("another title line")[0].rpartition("/")[2] for line in warnings] == [
        "two.txt:9:3: ",
        "many.txt:9:3: ",
    ]
    assert "and 4 more" in warnings[1]
    answer = json.loads(run("build", articles[1], "-o", tmp_path / "a.nq", "--json", "--no-validate").out)
    assert len(answer["warnings"]) == 1
