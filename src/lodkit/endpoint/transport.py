"""One HTTP request, carried to its end: deadline, repetition, authentication, redirection. Whatever goes
wrong is one line.
"""

from __future__ import annotations

import email.utils
import http.client
import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, getproxies, proxy_bypass
from weakref import finalize

from ..errors import StoreError
from .credentials import HINT
from .watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Container
    from email.message import Message

    from .credentials import Authorization

SUCCESS, ANY = range(200, 300), range(100, 600)
_BUSY = frozenset({429, 502, 503, 504})
_NOT_DONE = frozenset({429, 503})  # of these, what surely was not carried out
_REDIRECTIONS = frozenset({301, 302, 307, 308})
_MOST_REDIRECTIONS = 5
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = re.compile(r"(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?")

_STATUSES = {
    400: ("refused the request as malformed", None),
    401: ("refused the user or the password", HINT),
    403: ("forbids this", "the user may lack the right to it"),
    404: ("has nothing at this address", "check the address, and --profile"),
    405: ("does not take this kind of request here", "check --profile"),
    413: ("finds the request too large", "lower 'chunk' and 'insert' in lodkit.toml"),
    415: ("does not take this media type", "check --profile"),
    429: ("is asked too often", "try again later"),
    502: ("is not reached through its gateway", "try again later"),
    503: ("is not available now", "try again later"),
    504: ("did not answer its gateway in time", "try again later"),
}
_MARKUP = re.compile(r"<(script|style|title)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_MOST_WORDS = 200


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

    def words(self) -> str:
        """Return the first words of what came, of a page without markup."""
        text = self.body[:4000].decode("utf-8", "replace").strip()
        is_page = self.media_type == "text/html" or text.startswith("<")
        text = " ".join((_MARKUP.sub(" ", text) if is_page else text.split("\n\n")[0]).split())
        return text if len(text) <= _MOST_WORDS else text[:_MOST_WORDS] + "…"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds: ``timeout`` for a sign of life, ``deadline`` for all of a call.

    There are up to ``retries`` tries after the first, the first of them after a ``pause``.
    """

    timeout: float = 60.0
    deadline: float = 600.0
    retries: int = 4
    pause: float = 0.5


class Transport:
    """Sends requests to a server, one after the other, on a connection that is kept open as long as the
    server likes.
    """

    def __init__(self, limits: Limits, authorization: Authorization) -> None:
        self._limits = limits
        self._authorization = authorization
        self._kept: tuple[str, http.client.HTTPConnection] | None = None
        self._watchdog = Watchdog()
        self._closing: finalize[[], Transport] | None = (
            None  # closes the kept connection, when this is no longer used at the latest
        )

    def close(self) -> None:
        """Close the connection; the next request opens another one."""
        if self._closing is not None:
            self._closing()
        self._kept = self._closing = None

    def send(
        self, request: Request, *, repeatable: bool = True, statuses: Container[int] = SUCCESS
    ) -> Answer:
        """Send a request and return the answer, of one of the statuses.

        It is tried again when the server is busy (429, 502, 503, 504) or refuses the connection, after pauses
        that double, or as long
        as ``Retry-After`` says (RFC 9110 §10.2.3); a ``repeatable`` one also when the connection is lost
        under way.

        Raises:
            StoreError: it failed for good, or would take longer than the deadline.
        """
        end = time.monotonic() + self._limits.deadline
        # a kept connection may turn out to be closed when it is too late to tell whether the request arrived
        if not repeatable:
            self.close()
        for attempt in range(self._limits.retries + 1):
            pause = self._limits.pause * 2**attempt
            try:
                answer = self._follow(request, end)
            except ConnectionError as error:
                failure = _lost(request, error)
                again = repeatable or isinstance(error, ConnectionRefusedError)
            else:
                if answer.status in statuses:
                    return answer
                failure = self._refused(answer)
                again = answer.status in (_BUSY if repeatable else _NOT_DONE)
                pause = _retry_after(answer.headers) or pause
            if not again or attempt == self._limits.retries:
                break
            if time.monotonic() + pause >= end:
                message = f"{failure.message}, and a pause of {pause:.0f} s would be over the deadline of {self._limits.deadline:g} s"
                failure = StoreError(message, file=failure.file, hint=failure.hint)
                break
            time.sleep(pause)
        raise failure

    def _follow(self, request: Request, end: float) -> Answer:
        for _ in range(_MOST_REDIRECTIONS + 1):
            answer = self._exchange(request, end)
            if answer.status == 401:
                self._authorization.take_up(answer.headers.get_all("WWW-Authenticate") or [], answer.url)
                answer = self._exchange(request, end)
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTIONS or target is None:
                return answer
            request = _redirected(request, urljoin(request.full_url, target))
        raise StoreError("redirects in a circle", file=plain(request.full_url), hint="check the address")

    def _exchange(self, request: Request, end: float) -> Answer:
        """Send a request once.

        Raises:
            ConnectionError: the connection was refused or lost.
            StoreError: anything else went wrong.
        """
        headers = dict(request.header_items())
        if value := self._authorization.header(request):
            headers["Authorization"] = value
        left = max(end - time.monotonic(), 0.001)
        connection, target = self._connection(request, min(self._limits.timeout, left))
        is_kept = connection.sock is not None
        try:
            if not is_kept:
                connection.connect()
            with self._watchdog.watching(connection.sock, left) as late:
                answer = _ask(connection, request, target, headers)
            if not late.is_set():  # else it only seems whole: headers that are cut off are headers
                return answer
            raise TimeoutError
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if time.monotonic() >= end:
                message = f"did not finish within the deadline of {self._limits.deadline:g} s"
                raise StoreError(
                    message, file=plain(request.full_url), hint="ask for less, or raise --deadline"
                ) from error
            if is_kept and isinstance(error, ConnectionError):
                return self._exchange(request, end)
            raise _explained(error, request, self._limits) from error

    def _connection(self, request: Request, timeout: float) -> tuple[http.client.HTTPConnection, str]:
        """Return the kept connection or a new one, and the request's target."""
        connection, target = _connection(request, timeout)
        where = f"{request.type}://{request.host}"
        if self._kept is not None and self._kept[0] == where:
            connection = self._kept[1]
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
        else:
            self.close()
            self._kept, self._closing = (where, connection), finalize(self, connection.close)
        return connection, target

    def _refused(self, answer: Answer) -> StoreError:
        message, hint = _STATUSES.get(answer.status, ("failed", None))
        words = self._authorization.conceal(answer.words())
        return StoreError(
            f"the store {message} ({answer.status}){': ' if words else ''}{words}", file=answer.url, hint=hint
        )


def plain(url: str) -> str:
    """Return a URL as messages show it: without a user, a query or a fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _connection(request: Request, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection that is not open yet, through a proxy where the environment names one, and the
    request's target.
    """
    kind = http.client.HTTPSConnection if request.type == "https" else http.client.HTTPConnection
    host = request.host
    proxy = None if _LOOPBACK.fullmatch(host) or proxy_bypass(host) else getproxies().get(request.type)
    if proxy is None:
        return kind(host, timeout=timeout), request.selector
    connection = kind(
        urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc.rpartition("@")[2], timeout=timeout
    )
    if request.type == "https":
        connection.set_tunnel(host)
        return connection, request.selector
    return connection, request.full_url


def _ask(
    connection: http.client.HTTPConnection, request: Request, target: str, headers: dict[str, str]
) -> Answer:
    with suppress(
        BrokenPipeError, ConnectionResetError
    ):  # a server that has refused before all was sent may have said why
        connection.request(request.get_method(), target, request.data, headers)
    response = connection.getresponse()
    return Answer(plain(request.full_url), response.status, response.headers, response.read())


def _explained(error: Exception, request: Request, limits: Limits) -> Exception:
    """Return what to raise: a `ConnectionError` where a second try may help, else the error in one line."""
    where = plain(request.full_url)
    match error:
        case http.client.IncompleteRead():
            return ConnectionAbortedError("the answer was cut off")
        case ConnectionError():
            return error
        case TimeoutError():
            return StoreError(
                f"gave no sign of life for {limits.timeout:g} s",
                file=where,
                hint="is it busy? --timeout sets how long to wait",
            )
        case ssl.SSLError():
            reason = getattr(error, "verify_message", "") or error.reason or error
            return StoreError(
                f"no secure connection: {reason}", file=where, hint="check the address and its certificate"
            )
        case socket.gaierror():
            return StoreError(f"no such host: {request.host}", file=where, hint="check the address")
        case http.client.HTTPException():
            return StoreError(
                f"does not speak HTTP: {type(error).__name__}",
                file=where,
                hint="check the address and the port",
            )
        case _:
            return StoreError(
                f"is not reached: {getattr(error, 'strerror', None) or error}",
                file=where,
                hint="check the address",
            )


def _lost(request: Request, error: ConnectionError) -> StoreError:
    where = plain(request.full_url)
    if isinstance(error, ConnectionRefusedError):
        return StoreError(
            "the connection was refused", file=where, hint="is the store running, and is this its port?"
        )
    if isinstance(error, ConnectionAbortedError):
        return StoreError("the answer was cut off", file=where, hint="see the store's log")
    return StoreError(
        "the connection was lost",
        file=where,
        hint="see the store's log; what was loaded stays, the same command goes on",
    )


def _redirected(request: Request, url: str) -> Request:
    """Return the request for the address that a redirection names; method and body stay.

    Raises:
        StoreError: that is another host: neither data nor a password follow there.
    """
    old, new = urlsplit(request.full_url), urlsplit(url)
    ports = [part.port or _DEFAULT_PORTS.get(part.scheme) for part in (old, new)]
    is_secured = (old.scheme, new.scheme) == ("http", "https") and ports == [80, 443]
    if new.hostname != old.hostname or not (
        is_secured or (new.scheme == old.scheme and ports[0] == ports[1])
    ):
        message = f"redirects to another host, {new.scheme}://{new.netloc.rpartition('@')[2]}"
        raise StoreError(message, file=plain(request.full_url), hint="if that is right, give that address")
    return Request(url, request.data, dict(request.header_items()), method=request.get_method())


def _retry_after(headers: Message) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; None if it is not there or not
    understood.
    """
    value = (headers.get("Retry-After") or "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max((email.utils.parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
