"""What goes over the pipes between lodkit and its sandbox: frames of a kind, a length and as many bytes."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER, DATA, END, FAILURE = b"H", b"D", b"E", b"X"
"""The kinds: a request or the head of an answer (JSON), bytes, the end (JSON), the end with an error (JSON).
"""

MOST = 1 << 20
"""The most bytes in a frame; more go into several."""

_HEAD = struct.Struct(">cI")

Frame = tuple[bytes, bytes]


def write_frame(stream: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    """Write one frame."""
    stream.write(framed(kind, payload))


def write_json(stream: BinaryIO, kind: bytes, value: object) -> None:
    """Write one frame that holds a value as JSON, and send it off."""
    write_frame(stream, kind, json.dumps(value).encode())
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame:
    """Read one frame.

    Raises:
        EOFError: the other side is gone, or what came is no frame.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    kind, length = _HEAD.unpack(head)
    if length > MOST:
        raise EOFError
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError
    return kind, payload


class DataWriter:
    """A binary file whose bytes go out in data frames."""

    def __init__(self, stream: BinaryIO, each: Callable[[], None]) -> None:
        """``each`` is called after each frame."""
        self._stream = stream
        self._held = bytearray()
        self._each = each

    def write(self, data: bytes) -> int:
        """Take bytes; they go out when a frame is full."""
        self._held += data
        while len(self._held) >= _FULL:
            self._send(_FULL)
        return len(data)

    def flush(self) -> None:
        """Send off what is held."""
        if self._held:
            self._send(len(self._held))

    def _send(self, count: int) -> None:
        write_frame(self._stream, DATA, bytes(self._held[:count]))
        self._stream.flush()
        del self._held[:count]
        self._each()


_FULL = 1 << 16


class DataReader:
    """A binary file that is read from data frames, up to the frame that ends them."""

    def __init__(self, receive: Callable[[], Frame]) -> None:
        """``receive`` gives the next frame."""
        self._receive = receive
        self._held = b""
        self._at = 0
        self.end: Frame | None = None
        """The frame after the data, once it has come."""

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, all that come where it is negative; none at the end."""
        parts: list[bytes] = []
        while size < 0 or not parts:
            part = self._some(size)
            if not part:
                break
            parts.append(part)
        return b"".join(parts)

    def _some(self, size: int) -> bytes:
        while self._at == len(self._held) and self.end is None:
            frame = self._receive()
            if frame[0] == DATA:
                self._held, self._at = frame[1], 0
            else:
                self.end = frame
        stop = len(self._held) if size < 0 else self._at + size
        part = self._held[self._at : stop]
        self._at += len(part)
        return part

    def drain(self) -> None:
        """Read on to the end, and let go of what comes."""
        while self.end is None:
            frame = self._receive()
            self._held, self._at = b"", 0
            self.end = None if frame[0] == DATA else frame


def decoded(payload: bytes) -> dict[str, Any]:
    """Return what a JSON frame holds.

    Raises:
        EOFError: it is no object.
    """
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        raise EOFError from None
    if not isinstance(value, dict):
        raise EOFError
    return value


def framed(kind: bytes, payload: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    return _HEAD.pack(kind, len(payload)) + payload


def parsed_head(data: bytes | bytearray) -> tuple[bytes, int, int] | None:
    """Return the kind of the frame that data begin with, where its payload starts and its length; None before
    that came.
    """
    if len(data) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack_from(data)
    return kind, _HEAD.size, length
