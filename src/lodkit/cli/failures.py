"""What can go wrong around lodkit (the system, its limits, the way it is called), and what is said of it:
one table, so that only a defect is called one.
"""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from ..errors import InputError, LimitError, LodkitError, StoreError, UsageError
from .terminal import LOUD, put, say, verbosity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFECT = 70  # EX_SOFTWARE of sysexits.h

# Older typers use click, newer ones carry it; either way it is the second base of what typer gives out.
_ClickException: Any = typer.BadParameter.__mro__[2]


@dataclass(frozen=True, slots=True)
class Failure:
    """One line for the user, and the exit code."""

    message: str
    code: int


@dataclass(frozen=True, slots=True)
class _Reason:
    """Of which class an error of the system is, what is said of it and what can be done."""

    kind: type[LodkitError]
    message: str
    hint: str | None = None


_WRITE = "check the folder, permissions and space"
_NAME = "check the name"

# POSIX.1-2017, "Error Numbers"; what is not here is told in the system's own words, as a matter of output.
_BY_NUMBER: Mapping[int, _Reason] = {
    errno.ENOSPC: _Reason(StoreError, "no space is left", "free some, or write elsewhere (TMPDIR, -o)"),
    errno.EDQUOT: _Reason(StoreError, "the quota is used up", "free some space, or write elsewhere"),
    errno.EFBIG: _Reason(StoreError, "the file may not grow any more", "raise it with ulimit -f"),
    errno.EROFS: _Reason(StoreError, "cannot be written: read-only file system", _WRITE),
    errno.EEXIST: _Reason(StoreError, "is there already, and is something else", _NAME),
    errno.EBADF: _Reason(StoreError, "a standard stream is closed", "open it, or name files"),
    errno.EIO: _Reason(StoreError, "input/output error", "the disk or the terminal failed"),
    errno.EMFILE: _Reason(LimitError, "too many files are open", "raise it with ulimit -n"),
    errno.ENFILE: _Reason(LimitError, "too many files are open in the whole system", "try again later"),
    errno.ENOMEM: _Reason(LimitError, "not enough memory", "give it more (ulimit -v), or less at once"),
    errno.EACCES: _Reason(InputError, "permission denied"),
    errno.EPERM: _Reason(InputError, "not permitted"),
    errno.ENOENT: _Reason(InputError, "no such file or folder"),
    errno.ENOTDIR: _Reason(InputError, "a part of the path is no folder", _NAME),
    errno.EISDIR: _Reason(InputError, "is a folder", "name a file in it"),
    errno.ELOOP: _Reason(InputError, "its links lead in a circle", _NAME),
    errno.ENAMETOOLONG: _Reason(InputError, "the name is too long", "give a shorter one"),
}

_NO_FOLDER = _Reason(InputError, "the current folder is not there any more", "change to another one")
_NO_TEMPORARY = _Reason(
    StoreError, "there is no folder for temporary files", "set TMPDIR to a folder that can be written"
)
_NOT_UTF_8 = _Reason(InputError, "a name or an argument is not UTF-8", "give it another name")


def explain(error: BaseException) -> int:
    """Tell an error in one line, and return the exit code."""
    if verbosity.get() >= LOUD:
        import traceback

        put("".join(traceback.format_exception(error)), as_message=True)
    failure = failure_of(error)
    if failure is None:
        say(
            f"lodkit: error: a defect in lodkit, {type(error).__name__}: {error}"
            " (-vv shows where; please report it)"
        )
        return DEFECT
    say(f"lodkit: error: {failure.message}")
    for other in error.others if isinstance(error, LodkitError) else ():
        say(f"lodkit: error: {other}")
    return failure.code


def failure_of(error: BaseException) -> Failure | None:
    """Return what is said of an error and the exit code; None for a defect."""
    if isinstance(error, LodkitError):
        return Failure(str(error), error.exit_code)
    if isinstance(error, _ClickException):
        return Failure(f"{error.format_message()}{_where_to_look(error)}", UsageError.exit_code)
    if isinstance(error, OSError):
        return _told(_reason(error), _file(error))
    return next(
        (_told(reason, None) for kind, fits, reason in _BY_TYPE if isinstance(error, kind) and fits(error)),
        None,
    )


def _told(reason: _Reason, file: str | None) -> Failure:
    told = reason.kind(reason.message, file=file, hint=reason.hint)
    return Failure(str(told), told.exit_code)


def _reason(error: OSError) -> _Reason:
    if error.errno == errno.ENOENT and error.filename is None:
        is_temporary = "temporary directory" in str(error)  # tempfile's words; it has no exception of its own
        return _NO_TEMPORARY if is_temporary else _NO_FOLDER
    known = _BY_NUMBER.get(error.errno or 0)
    return known or _Reason(StoreError, error.strerror or str(error) or type(error).__name__)


def _file(error: OSError) -> str | None:
    name = error.filename
    return name.decode(errors="surrogateescape") if isinstance(name, bytes) else str(name) if name else None


def _always(_: BaseException) -> bool:
    return True


def _says(pattern: str) -> Callable[[BaseException], bool]:
    words = re.compile(pattern)
    return lambda error: words.search(str(error)) is not None


def _has_surrogate(error: BaseException) -> bool:
    """Python holds bytes of arguments and file names that are no UTF-8 as lone surrogates (PEP 383)."""
    text = getattr(error, "object", "")
    return isinstance(text, str) and any("\ud800" <= char <= "\udfff" for char in text)


_BY_TYPE: tuple[tuple[type[BaseException], Callable[[BaseException], bool], _Reason], ...] = (
    (MemoryError, _always, _BY_NUMBER[errno.ENOMEM]),
    # What is left of a MemoryError that an extension module could not even make.
    (SystemError, lambda error: "without exception set" in str(error), _BY_NUMBER[errno.ENOMEM]),
    (
        RecursionError,
        _always,
        _Reason(LimitError, "nested too deeply to be worked on", "flatten the input"),
    ),
    (
        RuntimeError,
        _says("can't start new thread"),
        _Reason(LimitError, "no further thread can be started", "raise it with ulimit -u or -v"),
    ),
    (  # a library that cannot be mapped into memory
        ImportError,
        _says(r"failed to map|[Cc]annot allocate|cannot create shared|too many open"),
        _BY_NUMBER[errno.ENOMEM],
    ),
    (UnicodeEncodeError, _has_surrogate, _NOT_UTF_8),
    (ValueError, _says("literal value must be a str"), _NOT_UTF_8),  # pyoxigraph's words for a lone surrogate
    (UnicodeError, _says("'idna' codec"), _Reason(UsageError, "no name of a host", "check the address")),
    (ValueError, _says("Invalid IPv6 URL"), _Reason(UsageError, "no address", "an IPv6 host is [::1]")),
    (
        ValueError,
        _says("null (byte|character)"),
        _Reason(UsageError, "a name or an argument holds a NUL", "take it out"),
    ),
)
"""What is no `OSError`: its class, a test of the error itself, and the reason; the first that fits counts."""


def _where_to_look(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f" (see {context.command_path} --help)" if context is not None else ""
