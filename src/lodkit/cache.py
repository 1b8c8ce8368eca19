"""Files that can be made anew at any time, kept from one call to the next in the user's cache folder.

Nothing here is needed: where the folder is missing, full, damaged or another user's, calls take longer.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

VARIABLE = "LODKIT_CACHE"
"""The environment variable with the folder to use instead of the user's, or ``off``."""

KEPT = 24
"""The most files in the folder, three for a domain; those used last stay."""

LARGEST = 64 * 2**20
"""The most bytes in a file."""

_HEAD = 65  # bytes: a checksum in hexadecimal, and the end of its line
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO would wait for somebody to write to it
    | getattr(os, "O_BINARY", 0)
)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

_used: ContextVar[bool] = ContextVar("cache_used", default=True)


def use_cache(used: bool) -> None:
    """Say whether the cache is read and written from here on."""
    _used.set(used)


def cache_folder() -> Path | None:
    """Return the folder that ``LODKIT_CACHE`` names, else ``lodkit`` in the user's cache folder; None if it
    is off or there is none.

    A path that is not absolute is ignored, as the XDG Base Directory Specification says.
    """
    named = os.environ.get(VARIABLE, "")
    if not _used.get() or named == "off":
        return None
    if named:
        return Path(named) if Path(named).is_absolute() else None
    base = _user_folder()
    return base / "lodkit" if base is not None and base.is_absolute() else None


def _user_folder() -> Path | None:
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", ""))
    try:
        return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    except RuntimeError:
        return None


def read_kept(name: str) -> bytes | None:
    """Return what was kept under a name; None if nothing is, or it is damaged, or others could write it."""
    folder = _own_folder()
    if folder is None:
        return None
    path = folder / name
    try:
        descriptor = os.open(path, _READ)
        with os.fdopen(descriptor, "rb") as stream:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or not _is_own(found):
                return None
            data = stream.read(LARGEST + 1)
            os.utime(descriptor if os.utime in os.supports_fd else path)
    except OSError:
        return None
    body = data[_HEAD:]
    return body if data[:_HEAD] == _checksum(body) else None


def keep(name: str, body: bytes) -> None:
    """Keep some bytes under a name, where that can be done."""
    folder = _own_folder(make=True)
    data = _checksum(body) + body
    if folder is None or len(data) > LARGEST:
        return
    unfinished = folder / f"{name}.{os.urandom(8).hex()}"
    with suppress(OSError):
        try:
            with os.fdopen(os.open(unfinished, _CREATE, 0o600), "wb") as stream:
                stream.write(data)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
        _clean(folder)


def _checksum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=32).hexdigest().encode() + b"\n"


def _own_folder(*, make: bool = False) -> Path | None:
    """The folder, if it is no link, the user's own, and writable by nobody else."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        if make:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
        found = folder.lstat()
    except (OSError, ValueError):
        return None
    return folder if stat.S_ISDIR(found.st_mode) and _is_own(found) else None


def _is_own(found: os.stat_result) -> bool:
    """Tell whether only the user could have written it; on Windows the user's folder sees to that."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _clean(folder: Path) -> None:
    """Delete all but the files that were used last; what others delete meanwhile is no matter."""
    ages: list[tuple[int, Path]] = []
    for path in list(folder.iterdir()):
        with suppress(OSError):
            ages.append((path.lstat().st_mtime_ns, path))
    for _, path in sorted(ages, reverse=True)[KEPT:]:
        with suppress(OSError):
            path.unlink()
