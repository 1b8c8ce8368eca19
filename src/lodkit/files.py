"""Bytes in and out: atomic writing, gzip and bzip2 by extension, ``-`` for standard input and output.

What few runs need (compression, temporary files, hashes) is imported where it is used: together it takes 10
ms.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import zlib
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from .errors import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD = "-"
"""The target or source that stands for standard output or standard input."""

COMPRESSIONS = (".gz", ".bz2")
"""Extensions under which bytes are compressed."""

# What every file system of today takes in a name; a leading dot would hide the file.
_UNSAFE_IN_FILE_NAME = re.compile(r"[^\w.,()'+-]|^\.+")
_LONGEST_FILE_NAME = 120  # bytes: half of the usual limit of 255, which leaves room for extensions


def plain_suffix(path: Path | str) -> str:
    """Return the extension in lower case, the compression's extension taken off.

    >>> plain_suffix("graph.TRIG.gz")
    '.trig'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSIONS else suffix


def file_name(name: str) -> str:
    """Return a file name for an article's name; other names get other file names.

    >>> file_name("Ada Lund")
    'Ada_Lund'
    >>> file_name("../Ada")
    '__Ada-4e4af216'
    """
    spaced = name.replace(" ", "_")
    safe = (
        _UNSAFE_IN_FILE_NAME.sub("_", spaced)
        .encode("utf-8", "replace")[:_LONGEST_FILE_NAME]
        .decode("utf-8", "ignore")
    )
    if safe == spaced and "_" not in name and safe:
        return safe
    import hashlib

    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


@contextmanager
def open_input(source: Path | str) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, decompressed by its extension; ``-`` is standard input.

    Raises:
        InputError: there is no such file, it cannot be read, or its compressed data are damaged.
    """
    if str(source) == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        with _decompressed(Path(source)) as stream:
            yield stream
    except BrokenPipeError:  # what reads the output has gone: not this file's fault
        raise
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(source, error) from error


def read_bytes(source: Path | str) -> bytes:
    """Return all bytes of a file, decompressed by its extension; ``-`` is standard input.

    Raises:
        InputError: there is no such file, it cannot be read, or its compressed data are damaged.
    """
    with open_input(source) as stream:
        return stream.read()


@contextmanager
def open_output(target: Path | str) -> Iterator[BinaryIO]:
    """Open a file for writing bytes, compressed by its extension; ``-`` is standard output.

    The bytes go to a file beside the target, which replaces it at the end of the block; if the block fails,
    the old file stays whole.

    Raises:
        StoreError: the target cannot be written.
        BrokenPipeError: what reads standard output has gone; left to the caller.
    """
    if str(target) == STANDARD:
        with _write_errors("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    suffix = Path(target).suffix.lower()
    with _write_errors(target):
        # A link stays, its target is replaced; a device or pipe has nothing to keep and is written to.
        path = Path(os.path.realpath(target))
        with _opened(path) as raw, _compressed(raw, suffix) as stream:
            yield stream


def is_existing_folder(path: Path | str) -> bool:
    """Tell whether there is a folder of that name; what no folder can be named is none."""
    with suppress(OSError, ValueError):
        return Path(path).is_dir()
    return False


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, if it is not there.

    Raises:
        StoreError: it cannot be made.
    """
    with _write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)


def write_bytes(target: Path | str, data: bytes) -> None:
    """Put bytes to a file in one step, compressed by its extension; ``-`` is standard output.

    Raises:
        StoreError: the target cannot be written.
    """
    with open_output(target) as stream:
        stream.write(data)


def _decompressed(path: Path) -> BinaryIO:
    match path.suffix.lower():
        case ".gz":
            import gzip

            return cast(BinaryIO, gzip.open(path, "rb"))
        case ".bz2":
            import bz2

            return cast(BinaryIO, bz2.open(path, "rb"))
        case _:
            return path.open("rb")


@contextmanager
def _compressed(raw: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """No name and no time in the gzip header (RFC 1952 §2.3.1), so that same data are same bytes."""
    match suffix:
        case ".gz":
            import gzip

            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as stream:
                yield cast(BinaryIO, stream)
        case ".bz2":
            import bz2

            with bz2.BZ2File(raw, "wb") as packed:
                yield cast(BinaryIO, packed)
        case _:
            yield raw


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    import tempfile

    with ExitStack() as on_failure:
        descriptor, name = tempfile.mkstemp(prefix=".lodkit-", dir=path.parent)
        temporary = Path(name)
        on_failure.callback(_remove, temporary)
        with os.fdopen(descriptor, "wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
        on_failure.pop_all()
    _sync_folder(path.parent)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    has_nothing_to_keep = path.exists() and not path.is_file() and not path.is_dir()
    return _straight(path) if has_nothing_to_keep else _replacing(path)


@contextmanager
def _straight(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb") as raw:
        try:
            yield raw
        except BaseException:  # what is left in the buffer would wait for a reader
            with suppress(OSError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, raw.fileno())
                os.close(nowhere)
            raise


def _mode(path: Path) -> int:
    """The old file's permissions, else what a new file gets."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system lets folders be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _write_errors(target: Path | str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror or error
        raise StoreError(
            f"cannot be written: {reason}", file=str(target), hint="check the folder, permissions and space"
        ) from error


def _unreadable(source: Path | str, error: Exception) -> InputError:
    match error:
        case FileNotFoundError():
            return InputError("no such file", file=str(source))
        case IsADirectoryError():
            return InputError("is a folder", file=str(source), hint="name a file in it")
        case PermissionError():
            return InputError("cannot be read: permission denied", file=str(source))
        case _:
            return InputError(
                f"cannot be read: {error}", file=str(source), hint="the file may be damaged or cut off"
            )
