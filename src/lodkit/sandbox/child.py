"""The parent's end: a child process is started, given work, listened to, and ended when it takes too much."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph

from ..errors import LimitError
from ..limits import limits, size_text
from ..worker.frames import DATA, END, FAILURE, HEADER, MOST, DataReader, decoded, framed, parsed_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..worker.frames import Frame

_START = (
    "import sys; sys.path[:] = sys.argv[2:]; from lodkit.worker.worker import main; main(int(sys.argv[1]))"
)
_PIECE = 1 << 16
_ENDS_WITHIN = 5.0  # seconds; a process that was killed


@dataclass
class TaskError(Exception):
    """Why a task failed.

    ``kind`` is ``syntax`` or ``query`` (what was given is wrong, at a line and column from 1), ``failure``
    (the
    engine says so), or what was taken too much of: ``time``, ``memory``, ``limit``, ``answer``, or ``crash``
    (the engine ended by a signal).
    """

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    term: str | None = None
    hint: str | None = None

    @property
    def is_limit(self) -> bool:
        """Whether a bound was reached, as against: what was given is wrong."""
        return self.kind in ("time", "memory", "limit", "answer", "crash")

    def as_limit(self, what: str, file: str | None = None) -> LimitError:
        """Return the error to show for a bound that was reached by ``what``."""
        message = f"{what} {self.message}" if self.kind != "limit" else self.message
        return LimitError(
            message, file=file, line=self.line, column=self.column, term=self.term, hint=self.hint
        )


class Child:
    """A child process that works on one task after the other."""

    def __init__(self) -> None:
        """Start it, with the bounds that hold now."""
        import subprocess  # takes 5 ms, and most runs need no child

        self.bounds = limits()
        self.owner = os.getpid()
        self._thread = threading.get_ident()
        command = [sys.executable, "-I", "-S", "-c", _START, str(self.bounds.memory), *_import_path()]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to the parent, which ends it
            cwd="/" if os.path.isdir("/") else None,  # noqa: PTH112 (its own folder may be gone)
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        self._received = bytearray()
        self.is_idle = True

    @property
    def is_at_hand(self) -> bool:
        """Whether the process goes on, and was started by this thread of this process.

        Linux ends it with the thread that started it, not with the process (prctl(2), PR_SET_PDEATHSIG), so
        that no other thread may rely on it.
        """
        is_ours = (self.owner, self._thread) == (os.getpid(), threading.get_ident())
        return is_ours and self._process.poll() is None

    def kill(self) -> None:
        """End the process at once."""
        self.is_idle = False
        with suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        with suppress(TimeoutError):
            self._wait()

    @contextmanager
    def working(
        self, task: str, data: Iterable[bytes] | None = None, *, wall: float | None = None, **request: Any
    ) -> Iterator[DataReader]:
        """Give a task and data, and read the answer in the block; ``wall`` is how many seconds it may be
        waited for.

        The child is ended if the block is left before the answer is.

        Raises:
            TaskError: the task failed; where the answer is read to its end.
        """
        self.is_idle = False
        head = {"task": task, "seconds": self.bounds.time, "data": data is not None, **request}
        exchange = _Exchange(self, head, data, wall)
        reader = DataReader(exchange.receive)
        try:
            yield reader
            reader.drain()
            assert reader.end is not None
            self.is_idle = exchange.is_complete and not exchange.is_lost
            exchange.check(reader.end)
        finally:
            if not self.is_idle:
                self.kill()

    def exchange_some(self, waiting: bytes, seconds: float | None) -> tuple[int, Frame | None]:
        """Send some bytes, or receive; return how many went out, and a frame where one has come.

        Raises:
            TimeoutError: nothing can be done for so many seconds.
            EOFError: the process is gone.
        """
        frame = self._next_frame()
        if frame is not None:
            return 0, frame
        poll = select.poll()
        poll.register(self._from, select.POLLIN)
        if waiting:
            poll.register(self._to, select.POLLOUT)
        ready = dict(poll.poll(None if seconds is None else max(seconds, 0) * 1000))
        if not ready:
            raise TimeoutError
        if self._from in ready:
            self._receive_some()
            return 0, self._next_frame()
        try:
            return os.write(self._to, waiting), None
        except BrokenPipeError:
            raise EOFError from None
        except BlockingIOError:
            return 0, None

    def _receive_some(self) -> None:
        piece = os.read(self._from, _PIECE)
        if not piece:
            raise EOFError
        self._received += piece

    def _next_frame(self) -> Frame | None:
        head = parsed_head(self._received)
        if head is None:
            return None
        kind, start, length = head
        if length > MOST:
            raise EOFError
        if len(self._received) < start + length:
            return None
        payload = bytes(self._received[start : start + length])
        del self._received[: start + length]
        return kind, payload

    def _wait(self) -> int:
        """The exit code of the process, which has been told to end or has closed its pipes.

        Raises:
            TimeoutError: it goes on.
        """
        end = time.monotonic() + _ENDS_WITHIN
        while (code := self._process.poll()) is None:
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.001)
        return code

    def why_it_ended(self) -> TaskError:
        """Wait for the end of the process, and return what is to be said of it."""
        try:
            code = self._wait()
        except TimeoutError:
            self.kill()
            return TaskError("crash", "made the engine fail", hint=_TOO_DEEP)
        if code == -signal.SIGXCPU:
            return took_too_long(self.bounds.time)
        if code == -signal.SIGABRT:  # how the engine ends when it is given no more memory
            return needs_more_memory(self.bounds.memory)
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return TaskError("crash", f"made the engine fail ({name})", hint=_TOO_DEEP)


TOO_LONG_TERM = "buffer maximal size"
"""What the engine says where one term, or what looks like one, goes on and on; as a `MemoryError`."""

_TOO_DEEP = "does it stand too deep in itself?"


def took_too_long(seconds: float) -> TaskError:
    """Return what is said where a task takes more time than it may."""
    return TaskError("time", f"took more than {seconds:g} s", hint="--limit-time sets how long it may take")


def needs_more_memory(most: int) -> TaskError:
    """Return what is said where a task needs more memory than it may."""
    hint = "--limit-memory sets how much it may take"
    return TaskError("memory", f"needs more memory than {size_text(most)}", hint=hint)


class _Exchange:
    """One task under way: what is still to be sent, and how long it was waited for."""

    def __init__(
        self, child: Child, head: dict[str, Any], data: Iterable[bytes] | None, wall: float | None
    ) -> None:
        self._child = child
        self._data = _in_frames(data) if data is not None else None
        self._waiting = framed(HEADER, json.dumps(head).encode())
        self._left = wall
        self._error: BaseException | None = None
        self.is_lost = False
        """Whether the child ended, or was waited for too long."""

    @property
    def is_complete(self) -> bool:
        """Whether all was sent, so that the child is ready for another task."""
        return self._data is None and not self._waiting

    def receive(self) -> Frame:
        """Return the next frame, sending data meanwhile; an ended process is a failure."""
        while True:
            if not self._waiting and self._data is not None:
                self._waiting = self._next_data()
            start = time.monotonic()
            try:
                sent, frame = self._child.exchange_some(self._waiting, self._left)
            except (EOFError, TimeoutError) as error:
                self.is_lost = True
                return FAILURE, json.dumps({"kind": type(error).__name__}).encode()
            self._waiting = self._waiting[sent:]
            if self._left is not None:
                self._left -= time.monotonic() - start
            if frame is not None:
                return frame

    def _next_data(self) -> bytes:
        assert self._data is not None
        try:
            frame = next(self._data, None)
        except BaseException as error:
            self._error = error
            raise
        if frame is None:
            self._data = None
            return framed(END)
        return frame

    def check(self, end: Frame) -> None:
        """Raise what the end of an answer says, if it says that the task failed."""
        if self._error is not None:
            raise self._error
        if end[0] == END:
            return
        try:
            told = decoded(end[1])
        except EOFError:
            told = {"kind": "EOFError"}
        match told.pop("kind", None):
            case "TimeoutError":
                raise took_too_long(self._child.bounds.time)
            case "memory" if TOO_LONG_TERM in str(told.get("message")):
                raise TaskError("limit", "a term is longer than 16 MiB")
            case "memory":
                raise needs_more_memory(self._child.bounds.memory)
            case "syntax" | "query" | "limit" | "failure" as kind:
                message = str(told.get("message"))
                raise TaskError(
                    kind, message, told.get("line"), told.get("column"), told.get("term"), told.get("hint")
                )
            case _:
                raise self._child.why_it_ended()


def _in_frames(data: Iterable[bytes]) -> Iterator[bytes]:
    for piece in data:
        for start in range(0, len(piece), _PIECE):
            yield framed(DATA, piece[start : start + _PIECE])


def _import_path() -> list[str]:
    """Where the child finds lodkit, the engine and what they need; never the working folder."""
    own = Path(__file__).resolve().parents[2]
    engine = Path(pyoxigraph.__file__).resolve().parents[1]
    others = (entry for entry in sys.path if entry and os.path.isabs(entry))  # noqa: PTH117
    here = _working_folder()
    return [
        *dict.fromkeys(
            entry for entry in (str(own), *others, str(engine)) if entry != here or entry == str(own)
        )
    ]


def _working_folder() -> str | None:
    with suppress(OSError):
        return str(Path.cwd())
    return None
