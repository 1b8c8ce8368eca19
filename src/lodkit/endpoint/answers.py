"""What a server answers, read to its end and never beyond its bound, whatever it says of its length."""

from __future__ import annotations

import http.client
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

PAGE = 2**16
"""Most bytes of an answer that are read only to be shown."""

_MOST_BESIDE = 2**18  # bytes: the status line and the headers, and what chunks bring beside their content
_PIECE = 2**20  # bytes
_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "compress", "br", "zstd"})
_MARKUP = re.compile(r"<(script|style|title)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_MOST_WORDS, _MOST_LOOKED_AT = 200, 4000


class TooLong(http.client.HTTPException):
    """A server sent more than it may."""


class BodyTooLong(TooLong):
    """The body of an answer is longer than the bound."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read to its end; ``url`` is what was asked, without its query."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type in lower case without parameters, or nothing."""
        return str(self.headers.get_content_type()) if "Content-Type" in self.headers else ""

    @property
    def encoding(self) -> str:
        """The content coding (RFC 9110 §8.4), or nothing; none is ever asked for."""
        coding = str(self.headers.get("Content-Encoding") or "").strip().lower()
        return "" if coding in ("", "identity") else coding if coding in _CODINGS else "unknown"

    def words(self, conceal: Callable[[str], str]) -> str:
        """Return the first words of what came, of a page without markup, after ``conceal`` took out what is
        not for the eye.
        """
        if self.encoding or b"\0" in self.body[:PAGE]:  # nothing that can be read as UTF-8
            return ""
        text = self.body[:PAGE].decode("utf-8", "replace")
        text = "".join(char for char in text if char.isprintable() or char.isspace())
        text = conceal(text)[:_MOST_LOOKED_AT].strip()  # first, so that no cut leaves a part of it
        is_page = self.media_type == "text/html" or text.startswith("<")
        text = " ".join((_MARKUP.sub(" ", text) if is_page else text.split("\n\n")[0]).split())
        text = conceal(text)
        return text if len(text) <= _MOST_WORDS else text[:_MOST_WORDS] + "…"


class _Bounded(io.RawIOBase):
    """A stream that ends in an error when more than ``left`` bytes come out of it."""

    def __init__(self, raw: io.RawIOBase, left: int) -> None:
        super().__init__()
        self._raw = raw
        self.left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._raw.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise TooLong
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class BoundedResponse(http.client.HTTPResponse):
    """A response whose lines, chunks and trailers have a bound too; the one it is made with is that of its
    headers.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.bound = _Bounded(self.fp.detach(), _MOST_BESIDE)
        self.fp = io.BufferedReader(self.bound)

    def read_body(self, most: int) -> bytes:
        """Return the whole body.

        Raises:
            BodyTooLong: it has more than so many bytes, or says so.
            HTTPException: it is cut off or malformed.
        """
        if (self.length or 0) > most:
            raise BodyTooLong
        body = io.BytesIO()
        try:
            self._read_into(body, most + 1)
        except TooLong:
            raise BodyTooLong from None
        if body.tell() > most:
            raise BodyTooLong
        if self.length:
            raise http.client.IncompleteRead(b"", self.length)
        return body.getvalue()

    def read_page(self) -> bytes:
        """Return as much of the body as is shown, and as came."""
        body = io.BytesIO()
        with suppress(http.client.HTTPException, ConnectionError):
            self._read_into(body, PAGE)
        return body.getvalue()

    def _read_into(self, body: io.BytesIO, count: int) -> None:
        """Read the first bytes, in pieces: what a server says of the length of its answer need not be true,
        and memory is taken for what is there.
        """
        self.bound.left = count + _MOST_BESIDE
        try:
            while body.tell() < count and (piece := self.read(min(_PIECE, count - body.tell()))):
                body.write(piece)
        except ValueError as error:  # a chunk of negative length
            raise http.client.HTTPException(str(error)) from None
