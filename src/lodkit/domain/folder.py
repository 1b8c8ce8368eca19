"""The files of a domain folder: plain files of the folder itself, of a bounded size, in UTF-8."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8
from importlib.resources.abc import Traversable
from pathlib import Path

from ..errors import DomainError
from ..limits import limits, size_text

LARGEST_FILE = 16 * 2**20
"""The most bytes in a file of a domain, unless ``--limit-input`` is less."""

MOST_FILES = 1_000
"""The most files of one kind in a part of a domain."""


SHAPES = (".ttl", ".turtle", ".shacl")
"""What the names of files with shapes end in."""

DEEPEST_FOLDER = 16
"""How many folders below ``shapes/`` may stand in each other."""


def part_files(folder: Traversable, part: str, suffix: str) -> list[tuple[str, Traversable]]:
    """Return the files of a part of a domain that end in ``suffix``, as sorted (``part/name``, file).

    Raises:
        DomainError: there is no such part, it leads out of the folder, holds more than 1,000 such files, or
            has
            one whose name is no UTF-8.
    """
    place = folder.joinpath(part)
    _refuse_link(folder, place, f"{part}/")
    try:
        found = sorted(path.name for path in place.iterdir() if path.name.endswith(suffix))
    except (FileNotFoundError, NotADirectoryError):
        hint = "a domain has ontology/, shapes/ and queries/"
        raise DomainError(f"no folder {part}/", file=shown(str(folder)), hint=hint) from None
    except OSError as error:
        raise _unreadable(f"{part}/", error) from None
    if len(found) > MOST_FILES:
        raise DomainError(f"more than {MOST_FILES} files {suffix}", file=f"{part}/", hint="join some of them")
    for name in found:
        if shown(name) != name:
            raise DomainError(
                "the name of the file is not UTF-8", file=f"{part}/{shown(name)}", hint="rename it"
            )
    return [(f"{part}/{name}", place.joinpath(name)) for name in found]


def shape_files(folder: Traversable) -> tuple[list[tuple[str, Traversable]], list[str]]:
    """Return the files of ``shapes/`` and the folders in it that end in `SHAPES`, sorted as (``shapes/name``,
    file), and the names of the files there that are not read.

    Raises:
        DomainError: there is no such part, a folder leads out of it or cannot be read, there are more than
            1,000 files, or one has a name that is no UTF-8.
    """
    part_files(folder, "shapes", ".ttl")  # refuses what no part may be
    found: list[tuple[str, Traversable]] = []
    others: list[str] = []
    queue = [("shapes", folder.joinpath("shapes"))]
    for name, place in queue:  # grows while it is gone through
        if name.count("/") > DEEPEST_FOLDER:
            raise DomainError(f"folders more than {DEEPEST_FOLDER} deep", file=shown(name))
        _refuse_link(folder, place, shown(name))
        try:
            inside = sorted(place.iterdir(), key=lambda path: path.name)
        except OSError as error:
            raise _unreadable(shown(name), error) from None
        for path in inside:
            inner = f"{name}/{path.name}"
            if path.name.endswith(SHAPES):  # a folder of such a name is refused when it is read
                found.append((inner, path))
            elif path.is_dir():
                queue.append((inner, path))
            else:
                others.append(shown(inner))
        if len(found) + len(others) + len(queue) > MOST_FILES:
            raise DomainError(f"more than {MOST_FILES} files", file="shapes/", hint="join some of them")
    for name, _ in found:
        if shown(name) != name:
            raise DomainError("the name of the file is not UTF-8", file=shown(name), hint="rename it")
    return sorted(found, key=lambda file: file[0]), sorted(others)


def read_text(folder: Traversable, path: Traversable, name: str) -> str:
    """Return the text of a file of a domain, without a byte order mark and with LF at the ends of lines.

    Raises:
        DomainError: it is no plain file, leads out of the folder, cannot be read, is too large, is not UTF-8
            or
            holds a NUL; names file and line.
    """
    data = read_bytes(folder, path, name).removeprefix(BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte 0x{data[error.start]:02x} at byte offset {error.start}"
        raise DomainError(message, file=name, line=line, hint="save the file as UTF-8") from None
    if (at := text.find("\0")) >= 0:
        raise DomainError(
            "the file holds a NUL",
            file=name,
            line=text.count("\n", 0, at) + 1,
            column=at - text.rfind("\n", 0, at),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def shown(name: str) -> str:
    """Return a name with bytes that are no UTF-8 written as ``\\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_bytes(folder: Traversable, path: Traversable, name: str, largest: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a file of a domain, at most ``largest`` and ``--limit-input``.

    Raises:
        DomainError: it is no plain file, leads out of the folder, cannot be read or is too large.
    """
    _refuse_link(folder, path, name)
    most = min(largest, limits().input)
    try:
        data = _plain_bytes(path, name, most) if isinstance(path, Path) else path.read_bytes()
    except OSError as error:
        raise _unreadable(name, error) from None
    if len(data) > most:
        hint = "raise --limit-input" if most == limits().input else "split it"
        raise DomainError(f"larger than {size_text(most)}", file=name, hint=hint)
    return data


def _plain_bytes(path: Path, name: str, most: int) -> bytes:
    """Read up to one byte more than ``most``; what is no plain file is opened without waiting, and
    refused.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DomainError("not a plain file", file=name, hint="take it out of the folder")
        return stream.read(most + 1)


def _refuse_link(folder: Traversable, path: Traversable, name: str) -> None:
    """Refuse what lies elsewhere than it seems to: by following it a domain could read any file of the
    user's.
    """
    if not isinstance(path, Path) or not isinstance(folder, Path):
        return
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise DomainError(f"cannot be read: {error}", file=name) from None
    if not inside:
        raise DomainError(
            "a link that leads out of the domain folder", file=name, hint="put the file itself there"
        )


def _unreadable(name: str, error: OSError) -> DomainError:
    return DomainError(f"cannot be read: {error.strerror or error}", file=name)
