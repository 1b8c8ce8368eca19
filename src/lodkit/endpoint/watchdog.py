"""Shuts a socket down when its time is over, since timeouts of sockets alone start anew with each byte that
drips in; and tells of a wait while it lasts.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STEP = 0.05  # seconds; how late it may be
_IDLE_STEPS = (
    20  # after which its thread ends; a thread for each request would cost more than the request on loopback
)


class Watchdog:
    """Watches one socket and one wait at a time, in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: tuple[socket.socket, float, threading.Event] | None = None
        self._waiting: tuple[float, Callable[[], None]] | None = None
        self._is_running = False

    @contextmanager
    def watching(self, sock: socket.socket, seconds: float) -> Iterator[threading.Event]:
        """Shut the socket down if the block takes longer; the event that is given is set then."""
        late = threading.Event()
        with self._lock:
            self._watched = (sock, time.monotonic() + seconds, late)
        self._start()
        try:
            yield late
        finally:
            with self._lock:
                self._watched = None

    @contextmanager
    def telling(self, seconds: float, tell: Callable[[], None]) -> Iterator[None]:
        """Call a function, in another thread and once, if the block takes longer."""
        with self._lock:
            self._waiting = (time.monotonic() + seconds, tell)
        self._start()
        try:
            yield
        finally:
            with self._lock:
                self._waiting = None

    def _start(self) -> None:
        with self._lock:
            starts, self._is_running = not self._is_running, True
        if starts:
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        idle = 0
        while idle < _IDLE_STEPS:
            time.sleep(_STEP)
            tell = None
            with self._lock:
                idle = 0 if self._watched or self._waiting else idle + 1
                if self._watched and time.monotonic() >= self._watched[1]:
                    self._watched[2].set()
                    with suppress(OSError):
                        socket.socket.shutdown(self._watched[0], socket.SHUT_RDWR)
                if self._waiting and time.monotonic() >= self._waiting[0]:
                    tell, self._waiting = self._waiting[1], None
                self._is_running = idle < _IDLE_STEPS
            if tell is not None:
                tell()
