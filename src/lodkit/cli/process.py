"""lodkit as a process of its own: standard streams that are always there, and signals that end it tidily."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import InputError, LodkitError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
_WORDS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up"}
_PATIENCE = 10.0  # seconds for what is under way, such as a request to a silent server
_NUDGES = 0.2  # seconds between two interruptions
_OBJECTS = 200_000  # a domain and all code are fewer, and none of them is garbage
_SIGNALLED = 128  # POSIX shells: the exit code of a process that a signal ended is 128 and its number


class Ended(KeyboardInterrupt):
    """A signal asked the process to end; no ``except Exception`` holds it up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def ended_code(stop: KeyboardInterrupt) -> int:
    """Return the exit code of a run that was ended."""
    return _SIGNALLED + getattr(stop, "number", signal.SIGINT)


def ended_words(stop: KeyboardInterrupt) -> str:
    """Return what is said of a run that was ended."""
    return f"lodkit: {_WORDS[signal.Signals(getattr(stop, 'number', signal.SIGINT)).name]}"


def run_as_process(answer: Callable[[], int]) -> int:
    """Answer the command line with streams and signals in order, and return the exit code."""
    gc.set_threshold(_OBJECTS, 10, 10)
    try:
        with _signals():
            open_streams()
            return close_streams(_told(answer))
    finally:
        gc.freeze()  # what is left goes with the process: the interpreter need not look for cycles in it


@contextmanager
def _signals() -> Iterator[None]:
    """Raise `Ended` at the first signal, and let the second one kill; signals that are ignored (``nohup``)
    stay so.
    """
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    caught = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    is_ending = threading.Event()
    lost: list[Ended] = []
    previous = sys.unraisablehook

    def end(number: int, _: FrameType | None) -> None:
        is_ending.set()
        for one in caught:
            signal.signal(one, signal.SIG_DFL)
        raise Ended(number)

    def keep(unraisable: Any) -> None:
        """What is raised while an object is taken away (in ``__del__``, a callback of a weak reference) goes
        nowhere: the end is raised again at the next nudge.
        """
        if isinstance(unraisable.exc_value, Ended):
            lost.append(Ended(unraisable.exc_value.number))
            is_ending.clear()
        else:
            previous(unraisable)

    def end_again(*_: Any) -> None:
        if lost:
            is_ending.set()
            raise lost.pop()

    with _watched(caught, is_ending, end_again):
        sys.unraisablehook = keep
        for number in caught:
            signal.signal(number, end)
        try:
            yield
        finally:
            for number in caught:
                signal.signal(number, before[number])
            sys.unraisablehook = previous


@contextmanager
def _watched(
    numbers: Sequence[int], is_ending: threading.Event, nudged: Callable[..., None]
) -> Iterator[None]:
    """Let a thread see to it that a signal is acted upon; the system tells it by a pipe."""
    nudge = getattr(signal, "SIGURG", None)
    if nudge is None:  # Windows
        yield
        return
    source, target = os.pipe()
    os.set_blocking(target, False)
    watcher = threading.Thread(target=_watch, args=(source, numbers, nudge, is_ending), daemon=True)
    previous, handler = signal.set_wakeup_fd(target), signal.signal(nudge, nudged)
    try:
        with suppress(RuntimeError):  # there is no room for a thread
            watcher.start()
        yield
    finally:
        signal.set_wakeup_fd(previous)
        signal.signal(nudge, handler)
        os.close(target)
        # A thread that is met by the end of the interpreter ends by pthread_exit, which loads a library:
        # where there is no room for that, the process would be aborted after all was done.
        if watcher.is_alive() and not is_ending.is_set():
            watcher.join(_NUDGES)


def _watch(source: int, numbers: Sequence[int], nudge: int, is_ending: threading.Event) -> None:
    """Wait for a signal, then end the process if it does not end by itself, or gets another signal.

    Python acts on a signal between two steps of its own code, and so not while the engine works or after it
    went back to wait for input: until then, the main thread is interrupted again and again. What holds up the
    end after that is a wait for another thread, which waits for a server.
    """
    number = _next_signal(source, numbers, None)
    if number is None:
        os.close(source)
        return
    main = threading.main_thread().ident or 0
    for _ in range(round(_PATIENCE / _NUDGES)):
        if not is_ending.is_set():
            signal.pthread_kill(main, nudge)
        if _next_signal(source, numbers, _NUDGES) is not None:
            break
    with suppress(OSError, ValueError):
        sys.stderr.write(ended_words(Ended(number)) + "\n")
        sys.stderr.flush()
    os._exit(_SIGNALLED + number)


def _next_signal(source: int, numbers: Sequence[int], seconds: float | None) -> int | None:
    """Return the next signal of some, or None if it takes longer or the process goes to its end."""
    import select

    while select.select([source], [], [], seconds)[0]:
        told = os.read(source, 1)
        if not told:
            time.sleep(seconds or 0)  # the pipe is closed: the main thread is past all that
            return None
        if told[0] in numbers:
            return told[0]
    return None


class _Closed(io.RawIOBase):
    """A standard stream that the process was started without."""

    def __init__(self, name: str, error: LodkitError) -> None:
        self.name = name
        self._error = error
        self._is_told = False

    def readable(self) -> bool:
        return isinstance(self._error, InputError)

    def writable(self) -> bool:
        return not self.readable()

    def readinto(self, _: Any) -> int:
        raise self._error

    def write(self, data: Any) -> int:
        if self._is_told:  # what was still in a buffer
            return len(data)
        self._is_told = True
        raise self._error


def open_streams() -> None:
    """Put something where a standard stream is missing, so that no file takes its number, and let data be
    UTF-8 whatever the locale is; a terminal gets what it can show.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stdin is None:
        closed = _Closed("<stdin>", InputError("cannot be read: it is closed", file="standard input"))
        sys.stdin = io.TextIOWrapper(io.BufferedReader(closed), "utf-8")
    if sys.stdout is None:
        closed = _Closed("<stdout>", StoreError("cannot be written: it is closed", file="standard output"))
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(closed), "utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it is open to the end)
    for stream in (sys.stdout, sys.stderr):
        _encode(stream)


def _encode(stream: TextIO) -> None:
    with suppress(AttributeError, OSError, ValueError):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        text: Any = stream
        text.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


def close_streams(code: int) -> int:
    """Write out what is left, and return the exit code: another one if that fails.

    Nothing may be left to be written at the end of the interpreter, which would tell it in its own words.
    """
    if code > _SIGNALLED:  # who reads may be what it waited for
        divert(sys.stdout)
    failed = 0 if code else _told(sys.stdout.flush)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, LodkitError):  # was told, or nobody reads messages
            divert(stream)
    return code or failed


def _told(write: Callable[[], int | None]) -> int:
    """Do what writes to standard output, and return its exit code; if that fails, tell it."""
    try:
        return write() or 0
    except BrokenPipeError:
        divert(sys.stdout)
        return 0
    except (OSError, LodkitError) as error:
        from .failures import explain

        divert(sys.stdout)
        if isinstance(error, OSError):
            error.filename = "standard output"  # the system does not say of which stream it is
        return explain(error)


def divert(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
