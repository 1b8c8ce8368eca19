"""Bytes in and out: bounded reading, atomic writing, gzip and bzip2 by extension, ``-`` for standard input
and
output.

What few runs need (compression, hashes) is imported where it is used: together it takes 10 ms.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import sys
import unicodedata
import zlib
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from .errors import InputError, StoreError
from .limits import limits, size_text
from .spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

STANDARD = "-"
"""The target or source that stands for standard output or standard input."""

COMPRESSIONS = (".gz", ".bz2")
"""Extensions under which bytes are compressed."""

_PIECE = 2**17  # bytes read at a time

# What every file system of today takes in a name. A leading dot would hide the file, a leading hyphen makes
# its name an option, and Windows drops a dot at the end.
_UNSAFE_IN_FILE_NAME = re.compile(r"[^\w.,()'+-]|^[.-]+|\.+$")
_LONGEST_FILE_NAME = 120  # bytes: half of the usual limit of 255, which leaves room for hash and extensions
_HASHED = re.compile(r"-[0-9a-f]{16}$")
# Devices, whatever extension follows (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that titles write small: articles, conjunctions and short prepositions of some languages.
_SMALL = frozenset(
    "a an and as at but by for from in into nor of off on or over per the to up via vs with"
    " da das de del della der des di do dos du el en et la las le les los och og und van von y zu".split()
)


def plain_suffix(path: Path | str) -> str:
    """Return the extension in lower case, the compression's extension taken off.

    >>> plain_suffix("graph.TRIG.gz")
    '.trig'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSIONS else suffix


def file_name(name: str) -> str:
    """Return a file name for an article's name; other names get other file names, also where case or Unicode
    normalisation does not count.

    Of all names that differ only in these, one keeps its words as they are: in NFC, each word with one
    capital but for small words and those in brackets, and at most 120 bytes. Every other one, and what a file
    system may not take, ends in a hyphen and 16 hexadecimal digits of its SHA-256, so that a file's name
    depends on nothing but the article's.

    >>> file_name("Party of the Coast (magazine)")
    'Party_of_the_Coast_(magazine)'
    >>> file_name("PARTY of the Coast")
    'PARTY_of_the_Coast-cc9e84646b73b165'
    >>> file_name("../Ada")
    '__Ada-4e4af21652b78501'
    """
    spaced = name.replace(" ", "_")
    safe = (
        _UNSAFE_IN_FILE_NAME.sub("_", spaced)
        .encode("utf-8", "replace")[:_LONGEST_FILE_NAME]
        .decode("utf-8", "ignore")
    )
    if _RESERVED.match(safe):
        safe = f"_{safe}"
    if safe and safe == spaced and "_" not in name and not _HASHED.search(name) and _cased(name) == name:
        return safe
    import hashlib

    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _cased(name: str) -> str:
    """The one name that keeps its words, of all that differ from it only in case and normalisation."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())

    def word(match: re.Match[str]) -> str:
        at, found = match.start(), match.group()
        bracketed = folded.rfind("(", 0, at) > folded.rfind(")", 0, at)
        return found if bracketed or (at and found in _SMALL) else found[0].upper() + found[1:]

    return unicodedata.normalize("NFC", _WORD.sub(word, folded))


_MOST_BESIDE = 1000  # files of a folder that a misspelt name is compared with


@contextmanager
def open_input(source: Path | str, *, most: int | None = None) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, decompressed by its extension; ``-`` is standard input.

    ``most`` is how many bytes there may be after decompression, by default ``limits().input``; the read that
    goes beyond them is an error, so that no more than that is ever held.

    Raises:
        InputError: there is no such file, it cannot be read, its compressed data are damaged, or it is too
            long.
    """
    bound = limits().input if most is None else most
    with ExitStack() as stack:
        if str(source) == STANDARD:
            if sys.stdin is None:  # as under pythonw, or with `<&-`
                raise InputError("standard input is closed", file=STANDARD)
            stream: BinaryIO = sys.stdin.buffer
        else:
            try:
                stream = stack.enter_context(_decompressed(Path(source)))
            except (OSError, ValueError) as error:  # ValueError: a NUL in the name
                raise _unreadable(source, error) from error
        yield cast(BinaryIO, io.BufferedReader(_Bounded(stream, bound, str(source)), _PIECE))


def read_bytes(source: Path | str, *, most: int | None = None) -> bytes:
    """Return all bytes of a file, decompressed by its extension; ``-`` is standard input.

    ``most`` is how many bytes there may be after decompression, by default ``limits().input``.

    Raises:
        InputError: there is no such file, it cannot be read, its compressed data are damaged, or it is too
            long.
    """
    with open_input(source, most=most) as stream:
        return stream.read()


class _Bounded(io.RawIOBase):
    """What a stream holds, up to a number of bytes; more of them, and what goes wrong, is an `InputError`."""

    def __init__(self, stream: BinaryIO, most: int, name: str) -> None:
        self._stream = stream
        self._most = most
        self._left = most
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)[: self._left + 1]  # one byte more tells that there is more
        try:
            count = cast(io.RawIOBase, self._stream).readinto(room) or 0
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(self._name, error) from error
        self._left -= count
        if self._left < 0:
            packed = " when decompressed" if Path(self._name).suffix.lower() in COMPRESSIONS else ""
            raise InputError(
                f"is longer than {size_text(self._most)}{packed}",
                file=self._name,
                hint="--limit-input SIZE takes more",
            )
        return count


@contextmanager
def open_output(target: Path | str, *, follow: bool = True) -> Iterator[BinaryIO]:
    """Open a file for writing bytes, compressed by its extension; ``-`` is standard output.

    The bytes go to a file beside the target, which replaces it at the end of the block; if the block fails,
    the old file stays whole. Where the user named the target, a link stays and what it leads to is replaced,
    and a device or a pipe is written to; without ``follow``, for names that come from data, whatever lies
    there is itself replaced and never opened.

    Raises:
        StoreError: the target cannot be written.
        BrokenPipeError: what reads standard output has gone; left to the caller.
    """
    if str(target) == STANDARD:
        with _write_errors("standard output"):
            if sys.stdout is None:  # as under pythonw, or with `>&-`
                raise OSError(errno.EBADF, "it is closed")
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    suffix = Path(target).suffix.lower()
    with _write_errors(target):
        path = Path(os.path.realpath(target)) if follow else Path(target)
        with _opened(path, follow=follow) as raw, _compressed(raw, suffix) as stream:
            yield stream


def is_existing_folder(path: Path | str) -> bool:
    """Tell whether there is a folder of that name; what no folder can be named is none."""
    with suppress(OSError, ValueError):
        return Path(path).is_dir()
    return False


def files_under(folder: Path | str) -> Iterator[str]:
    """Yield what is no folder in a folder and in those in it, sorted; links to folders are not followed.

    Without recursion: `os.walk` of Python 3.11 fails where folders are as deep in each other as its stack is
    high.

    Raises:
        InputError: a folder cannot be read.
    """
    queue = [str(folder)]
    while queue:
        place = queue.pop()
        try:
            with os.scandir(place) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=place) from error
        folders = [entry.path for entry in inside if entry.is_dir(follow_symlinks=False)]
        yield from (str(Path(entry.path)) for entry in inside if not entry.is_dir())
        queue += reversed(folders)


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
    # The name is known before there is a file of that name: whenever a signal comes, the file goes.
    temporary = path.with_name(f".lodkit-{os.urandom(8).hex()}")
    mode = _mode(path)
    try:
        with _create(temporary, mode) as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    finally:
        _remove(temporary)
    sync_folder(path.parent)


def _create(path: Path, mode: int | None) -> BinaryIO:
    """Open a file that must not be there yet; until it has the old file's permissions, nobody else may read
    it.
    """

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if mode is None else 0o600)

    return open(path, "xb", opener=opener)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _opened(path: Path, *, follow: bool) -> AbstractContextManager[BinaryIO]:
    kind = _kind(path, follow=follow)
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    has_nothing_to_keep = follow and kind not in (None, stat.S_IFREG, stat.S_IFLNK)
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


def _kind(path: Path, *, follow: bool) -> int | None:
    """The type bits of what lies at a path; None where there is nothing."""
    try:
        return stat.S_IFMT(path.stat(follow_symlinks=follow).st_mode)
    except OSError:
        return None


def _mode(path: Path) -> int | None:
    """The permissions of the file to be replaced; None where there is none."""
    with suppress(OSError):
        found = path.stat(follow_symlinks=False).st_mode
        return stat.S_IMODE(found) if stat.S_ISREG(found) else None
    return None


def sync_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system lets folders be opened and synced.

    Raises:
        OSError: the disk fails.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES):
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _write_errors(target: Path | str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(
            f"cannot be written: {reason}", file=str(target), hint="check the folder, permissions and space"
        ) from error


def _meant(path: Path) -> str | None:
    """The name in the same folder that is spelt most like one that is not there."""
    try:
        with os.scandir(path.parent) as entries:
            beside = {entry.name for entry in islice(entries, _MOST_BESIDE)}
    except OSError:
        return None
    found = nearest(path.name, beside)
    return None if found is None else f"perhaps {path.with_name(found)}"


def _unreadable(source: Path | str, error: Exception) -> InputError:
    match error:
        case FileNotFoundError() if "://" in str(source):
            hint = "save what it gives as a file"
            return InputError("is an address, and nothing is fetched", file=str(source), hint=hint)
        case FileNotFoundError():
            return InputError("no such file", file=str(source), hint=_meant(Path(source)))
        case IsADirectoryError():
            return InputError("is a folder", file=str(source), hint="name a file in it")
        case PermissionError():
            return InputError("cannot be read: permission denied", file=str(source))
        case _:
            reason = getattr(error, "strerror", None) or error
            return InputError(
                f"cannot be read: {reason}", file=str(source), hint="the file may be damaged or cut off"
            )
