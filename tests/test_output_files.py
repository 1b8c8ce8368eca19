"""What is written: no planted link or pipe is followed, each fault leaves the old file or the new one whole, and
names are apart in every file system.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodkit import cli, files
from lodkit.errors import StoreError
from lodkit.files import file_name, open_output, write_bytes

pytestmark = pytest.mark.slow

GOOD = "= {0} =\n\n{0}\n- Founded: 1996\n- Founder: Ada Lund\n\n{0} is a political party in Norland.\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "lantern.txt"
    path.parent.mkdir()
    path.write_text(GOOD.format("Blue Lantern"), encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    path = tmp_path / "out"
    path.mkdir()
    return path


def build(*arguments: str | Path) -> int:
    return cli.main(["build", *map(str, arguments), "--no-validate"])


# ---- what lies at the place already


def plant_link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def plant_link_to_nothing(path: Path, victim: Path) -> None:
    path.symlink_to(victim.with_name("nothing"))


def plant_loop(path: Path, victim: Path) -> None:
    path.symlink_to(path)


def plant_link_to_a_folder(path: Path, victim: Path) -> None:
    path.symlink_to(victim.parent)


def plant_link_to_a_device(path: Path, victim: Path) -> None:
    path.symlink_to("/dev/full")


def plant_hard_link(path: Path, victim: Path) -> None:
    path.hardlink_to(victim)


def plant_pipe(path: Path, victim: Path) -> None:
    os.mkfifo(path)


def plant_file(path: Path, victim: Path) -> None:
    path.write_bytes(b"old")


PLANTED: list[Callable[[Path, Path], None]] = [
    plant_link,
    plant_link_to_nothing,
    plant_loop,
    plant_link_to_a_folder,
    plant_link_to_a_device,
    plant_hard_link,
    plant_pipe,
    plant_file,
]


@pytest.mark.parametrize("plant", PLANTED)
def test_what_is_planted_in_the_folder_is_replaced(
    article: Path, out: Path, plant: Callable[[Path, Path], None]
) -> None:
    victim = out.parent / "victim" / "file"
    victim.parent.mkdir()
    victim.write_bytes(b"precious")
    target = out / "Blue_Lantern.trig"
    plant(target, victim)
    assert build(article, "-o", f"{out}/") == 0
    assert stat.S_ISREG(target.lstat().st_mode)
    assert b"Ada Lund" in target.read_bytes()
    assert victim.read_bytes() == b"precious"
    assert [path.name for path in victim.parent.iterdir()] == ["file"]
    assert [path.name for path in out.iterdir()] == ["Blue_Lantern.trig"]


def test_a_folder_of_an_article_s_name_is_that_article_s_error(
    article: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = article.with_name("other.txt")
    other.write_text(GOOD.format("Red Harbour"), encoding="utf-8")
    (out / "Blue_Lantern.trig").mkdir()
    assert build(article, other, "-o", f"{out}/") == 5
    told = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(told) == 1
    assert f"{out}/Blue_Lantern.trig: cannot be written: it is a folder" in told[0]
    assert (out / "Red_Harbour.trig").is_file()
    assert build(article, "-o", f"{out}/") == 4


def test_a_link_that_the_user_named_stays(article: Path, out: Path) -> None:
    (out / "link.trig").symlink_to(out / "target.trig")
    assert build(article, "-o", out / "link.trig") == 0
    assert (out / "link.trig").is_symlink()
    assert (out / "target.trig").is_file()


def test_a_folder_that_the_user_named_by_a_link_is_used(article: Path, out: Path) -> None:
    (out.parent / "link").symlink_to(out)
    assert build(article, "-o", f"{out.parent}/link/") == 0
    assert [path.name for path in out.iterdir()] == ["Blue_Lantern.trig"]


@pytest.mark.parametrize(
    "target",
    [
        "/dev/full",
        "in/lantern.txt/x.trig",
        "none/x.trig",
        "in/n" + "a" * 300 + ".trig",
        "in/lantern.txt/y/",
        "in/" + "a" * 300 + "/",
    ],
)
def test_targets_that_cannot_be_written(
    article: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    target: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert build(article, "-o", target, "--format", "trig") == 4
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert re.search(f"{re.escape(target.rstrip('/'))}: cannot be written: ", told[0])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["lantern.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder(article: Path, out: Path) -> None:
    out.chmod(0o500)
    try:
        assert build(article, "-o", out / "a.trig") == 4
        assert list(out.iterdir()) == []
    finally:
        out.chmod(0o700)


def test_nobody_else_reads_what_takes_a_private_file_s_place(out: Path) -> None:
    target = out / "a"
    target.write_bytes(b"old")
    target.chmod(0o600)
    with open_output(target) as stream:
        stream.write(b"new")
        (temporary,) = [path for path in out.iterdir() if path != target]
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


# ---- faults


class Faults:
    """Fails the k-th call of some kind; counts them all."""

    def __init__(self, k: int, error: BaseException) -> None:
        self.k = k
        self.error = error
        self.calls = 0

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.k:
                raise self.error
            return function(*arguments, **options)

        return call


class Stream:
    """A file whose writing and flushing may fail; it is not asked for anything else."""

    def __init__(self, raw: BinaryIO, faults: Faults, kind: str) -> None:
        self.raw = raw
        self.write = faults.wrap(raw.write) if kind == "write" else raw.write
        self.flush = faults.wrap(raw.flush) if kind == "flush" else raw.flush

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def writelines(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            self.write(line)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.raw.close()


KINDS = ("open", "write", "flush", "fsync", "close", "chmod", "replace")


def inject(monkeypatch: pytest.MonkeyPatch, kind: str, faults: Faults) -> None:
    """Let the k-th call of a kind fail wherever a file is written."""
    if kind in ("write", "flush"):
        create = files._create
        monkeypatch.setattr(files, "_create", lambda path, mode: Stream(create(path, mode), faults, kind))
    elif kind == "open":
        monkeypatch.setattr(files, "_create", faults.wrap(files._create))
    elif kind == "close":
        create = files._create

        @contextmanager
        def closing(path: Path, mode: int | None) -> Iterator[BinaryIO]:
            with create(path, mode) as raw:
                yield raw
            faults.wrap(lambda: None)()

        monkeypatch.setattr(files, "_create", closing)
    elif kind == "fsync":
        monkeypatch.setattr(os, "fsync", faults.wrap(os.fsync))
    else:
        monkeypatch.setattr(Path, kind, faults.wrap(getattr(Path, kind)))


def run_with_fault(kind: str, k: int, error: BaseException, call: Callable[[], int]) -> tuple[int, Faults]:
    faults = Faults(k, error)
    with pytest.MonkeyPatch.context() as patch:
        inject(patch, kind, faults)
        return call(), faults


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", ["build", "build-gz", "build-folder", "export"])
def test_each_fault_leaves_the_old_or_the_new_file_whole(
    article: Path, out: Path, capsys: pytest.CaptureFixture[str], kind: str, command: str
) -> None:
    source = out.parent / "source.nq"
    assert build(article, "-o", source) == 0
    target = {
        "build": out / "x.nq",
        "build-gz": out / "x.nq.gz",
        "build-folder": out / "Blue_Lantern.trig",
        "export": out / "x.ttl",
    }[command]

    def call() -> int:
        if command == "export":
            return cli.main(["export", str(source), "--to", str(target)])
        return build(article, "-o", f"{out}/" if command == "build-folder" else target)

    assert call() == 0
    new = target.read_bytes()
    k, code = 0, 4
    while code == 4:
        k += 1
        target.write_bytes(b"old")
        target.chmod(0o644)
        capsys.readouterr()
        code, faults = run_with_fault(kind, k, OSError(28, "No space left on device"), call)
        told = capsys.readouterr().err.splitlines()
        assert [path.name for path in out.iterdir()] == [target.name], (kind, k)
        if code == 4:
            assert target.read_bytes() in (b"old", new), (kind, k)
            assert [line for line in told if "error" in line] == told, (kind, k)
            assert f"{target}: cannot be written: No space left on device" in told[0]
    assert (code, target.read_bytes() == new) == (0, True), (kind, k)
    assert faults.calls < k
    assert k > 1, "nothing of this kind was called"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), SystemExit(143), MemoryError()], ids=["int", "term", "memory"]
)
def test_whatever_ends_the_writing_leaves_no_temporary_file(
    out: Path, kind: str, error: BaseException
) -> None:
    target = out / "a"
    for k in range(1, 4):
        target.write_bytes(b"old")

        def call() -> int:
            write_bytes(target, b"new")
            return 0

        with suppress(KeyboardInterrupt, SystemExit, MemoryError):
            run_with_fault(kind, k, error, call)
        assert [path.name for path in out.iterdir()] == ["a"]
        assert target.read_bytes() in (b"old", b"new")


def test_a_signal_right_after_the_file_is_made_leaves_none(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exception comes when the file is there and its name has not been returned yet."""
    create = files._create

    def make_and_stop(path: Path, mode: int | None) -> BinaryIO:
        create(path, mode).close()
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_create", make_and_stop)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(out / "a", b"new")
    assert list(out.iterdir()) == []


PROGRAM = """
import signal, sys, time
from lodkit.files import open_output
def stop(number, frame):
    raise SystemExit(128 + number)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, stop)
signal.signal(signal.SIGINT, signal.default_int_handler)
with open_output(sys.argv[1]) as stream:
    stream.write(b"new" * 100_000)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_no_temporary_file(out: Path, number: int) -> None:
    (out / "a").write_bytes(b"old")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(out / "a")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert len(list(out.iterdir())) == 2
    process.send_signal(number)
    process.communicate(timeout=300)
    assert process.returncode
    assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [("a", b"old")]


@pytest.mark.parametrize("room", [0, 1, 4096, 20_000])
def test_a_file_that_may_not_grow(out: Path, room: int) -> None:
    """A real fault: the system refuses what goes beyond RLIMIT_FSIZE."""
    (out / "a").write_bytes(b"old")
    program = (
        "import resource, signal, sys; from lodkit.files import write_bytes;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); write_bytes(sys.argv[1], bytes(100_000))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(out / "a")], capture_output=True, text=True, env=environment
    )
    assert f"StoreError: {out / 'a'}: cannot be written: File too large" in done.stderr
    assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [("a", b"old")]


def test_closed_standard_output_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(StoreError, match="standard output: cannot be written"):
        write_bytes("-", b"x")


# ---- names

PLAIN = [
    "Ada Lund",
    "Blue Lantern",
    "Party of the Left",
    "People's Movement for Peace",
    "Blue Lantern (magazine)",
    "Frente de la Paz",
    "Élan",
    "1996",
    "Marxist–Leninist Party".replace("–", "-"),
    "日本共産党",
]
HASHED = [
    "LARK",
    "lark",
    "Blue lantern",
    "Party Of The Left",
    "E\u0301lan",
    "Straße",
    "con",
    "CON",
    "Con.x",
    "Com1",
    "LPT9",
    "Nul",
    "Blue Lantern, Inc.",
    "-rf",
    ".hidden",
    "..",
    "a:b",
    "a/b",
    "a\\b",
    "Ada_Lund",
    "Ada-0123456789abcdef",
    "Ada-0123456789012345",
    "A" * 121,
    "A\u200bda",
]


@pytest.mark.parametrize("name", PLAIN)
def test_ordinary_titles_keep_their_names(name: str) -> None:
    assert file_name(name) == name.replace(" ", "_")


@pytest.mark.parametrize("name", HASHED)
def test_other_titles_end_in_a_hash(name: str) -> None:
    assert re.search("-[0-9a-f]{16}$", file_name(name))


def folded(name: str) -> str:
    """What a file system sees in which neither case nor normalisation counts."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.text(
    st.sampled_from("aAbBéÉe\u0301ßsS' ()._-iIİı\u0307ςσΣﬁ12"), min_size=1, max_size=8
)


@given(NAMES, NAMES)
def test_names_are_apart_where_case_does_not_count(one: str, other: str) -> None:
    assert (folded(file_name(one)) == folded(file_name(other))) == (one == other)


@given(NAMES)
def test_variants_of_one_name_are_apart(name: str) -> None:
    variants = {
        form(case(name))
        for case in (str, str.lower, str.upper, str.title, str.casefold, str.swapcase)
        for form in (
            str,
            lambda text: unicodedata.normalize("NFC", text),
            lambda text: unicodedata.normalize("NFD", text),
        )
    }
    assert len({folded(file_name(variant)) for variant in variants}) == len(variants)


RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$")


@given(NAMES | st.from_regex(r"(?i)\A(con|nul|com1|lpt9|prn|aux)(\.[a-z.]*)? ?\Z"))
def test_names_are_good_everywhere(name: str) -> None:
    found = file_name(name)
    assert 0 < len(found.encode()) <= 200
    assert not RESERVED.match(found)
    assert not found.startswith((".", "-"))
    assert not found.endswith((".", " "))
    assert not set('/\\:*?"<>|\0\n\t ~') & set(found)
    assert file_name(name) == found


def test_names_that_differ_in_case_are_two_files(article: Path, out: Path) -> None:
    titles = ("LARK", "lark", "Lark")
    for title in titles:
        article.with_name(f"{title}.txt").write_text(GOOD.format(title), encoding="utf-8")
    sources = [article.with_name(f"{title}.txt") for title in titles]
    assert build(*sources, "-o", f"{out}/") == 0
    together = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len({name.casefold() for name in together}) == 3
    for source in reversed(sources):  # alone and in another order: the same files
        (apart := out.parent / f"apart-{source.name}").mkdir()
        assert build(source, "-o", f"{apart}/") == 0
        for path in apart.iterdir():
            assert together[path.name] == path.read_bytes()
