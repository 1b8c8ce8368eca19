"""Bytes in and out: whole or not at all, and the same each time."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodkit.errors import InputError, LodkitError, StoreError
from lodkit.files import file_name, open_input, open_output, plain_suffix, read_bytes, write_bytes

DATA = b"Ada Lund, Arvika\n" * 99


@pytest.mark.parametrize("name", ["a.nq", "a.nq.gz", "a.nq.bz2", "A.NQ.GZ", "räksmörgås", "-a.nq"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    write_bytes(tmp_path / name, DATA)
    assert read_bytes(tmp_path / name) == DATA
    with open_input(str(tmp_path / name)) as stream:
        assert stream.read(3) == b"Ada"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_compressed_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz", "a.bz2", "b.bz2"):
        write_bytes(tmp_path / name, DATA)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert (tmp_path / "a.gz").read_bytes()[3:8] == bytes(5)  # no flags, no time (RFC 1952 §2.3)
    assert (tmp_path / "a.bz2").read_bytes() == (tmp_path / "b.bz2").read_bytes()
    assert (
        gzip.decompress((tmp_path / "a.gz").read_bytes())
        == bz2.decompress((tmp_path / "a.bz2").read_bytes())
        == DATA
    )


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("name", ["a.nq", "a.nq.gz"])
def test_a_failure_leaves_the_old_file_whole(tmp_path: Path, name: str, failure: type[BaseException]) -> None:
    target = tmp_path / name
    target.write_bytes(b"old")

    def write_and_fail() -> None:
        with open_output(target) as stream:
            stream.write(DATA)
            raise failure("no space")

    with pytest.raises(StoreError if failure is OSError else failure):
        write_and_fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_reader_of_the_old_file_keeps_it(tmp_path: Path) -> None:
    target = tmp_path / "a.nq"
    target.write_bytes(b"old")
    with target.open("rb") as reader:
        write_bytes(target, DATA)
        assert reader.read() == b"old"
    assert target.read_bytes() == DATA


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    target, link, new = tmp_path / "a", tmp_path / "link", tmp_path / "new"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_bytes(link, DATA)
    assert link.is_symlink()
    assert target.read_bytes() == DATA
    assert target.stat().st_mode & 0o777 == 0o640
    write_bytes(new, DATA)
    mask = os.umask(0)
    os.umask(mask)
    assert new.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_device_is_written_to_not_replaced() -> None:
    write_bytes("/dev/null", DATA)
    assert not Path("/dev/null").is_file()


def test_a_target_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    for target in (tmp_path / "none" / "a.nq", tmp_path, Path("/dev/full")):
        with pytest.raises(StoreError, match="cannot be written") as caught:
            write_bytes(target, DATA)
        assert str(caught.value).startswith(f"{target}: ")
        assert caught.value.exit_code == 4


@pytest.mark.parametrize("name", ["a.gz", "a.bz2"])
def test_damaged_input_is_one_line(tmp_path: Path, name: str) -> None:
    write_bytes(tmp_path / name, DATA)
    whole = (tmp_path / name).read_bytes()
    for damaged in (whole[:-9], b"plain text", whole[:20] + b"\xff\0\xff" + whole[23:]):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(InputError, match="damaged"):
            read_bytes(tmp_path / name)


def test_missing_input_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_bytes(tmp_path / "none")
    with pytest.raises(InputError, match="is a folder"):
        read_bytes(tmp_path)


def test_an_error_of_the_reader_is_not_renamed(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", DATA)
    with pytest.raises(InputError, match=r"^what the reader says$"), open_input(tmp_path / "a"):
        raise InputError("what the reader says")


def test_standard_input_and_output() -> None:
    program = "from lodkit.files import *; write_bytes('-', read_bytes('-'))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], input=DATA, capture_output=True, check=True, env=environment
    )
    assert done.stdout == DATA


def test_full_standard_output_is_one_line() -> None:
    program = "from lodkit.files import *; write_bytes('-', b'x' * 99999)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environment,
        )
    assert "StoreError: standard output: cannot be written: No space left on device" in done.stderr


def test_a_broken_pipe_is_left_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.BytesIO):
        def write(self, data: object) -> int:
            raise BrokenPipeError

    class Out:
        buffer = Closed()

    monkeypatch.setattr(sys, "stdout", Out())
    with pytest.raises(BrokenPipeError):
        write_bytes("-", DATA)
    assert not issubclass(BrokenPipeError, LodkitError)


def test_suffixes() -> None:
    names = ["a.ttl", "a.TTL.GZ", "a.b/c", "a", ".ttl", "a.gz", "x.tar.bz2"]
    assert [plain_suffix(name) for name in names] == [".ttl", ".ttl", "", "", "", "", ".tar"]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.text(
    st.sampled_from('a./\\_ <>"|:*?\0\n-é')
).filter(bool)


@given(NAMES)
def test_any_name_has_a_safe_file_name(name: str) -> None:
    found = file_name(name)
    assert 0 < len(found.encode()) <= 150
    assert not found.startswith(".")
    assert not set('/\\\0\n<>:"|?*') & set(found)


@given(NAMES, NAMES)
def test_other_names_have_other_file_names(one: str, other: str) -> None:
    assert (file_name(one) == file_name(other)) == (one == other)


def test_long_and_strange_names() -> None:
    assert file_name("Ada Lund's Circle (society)") == "Ada_Lund's_Circle_(society)"
    assert (
        len(
            {
                file_name("a" * 5000),
                file_name("a" * 5001),
                file_name("../a"),
                file_name("..a"),
                file_name("a b"),
                file_name("a_b"),
            }
        )
        == 6
    )
