"""One HTTP request, carried to its end: deadline, repetition, authentication, redirection. Whatever goes
wrong is one line.
"""

from __future__ import annotations

import email.utils
import http.client
import socket
import ssl
import time
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin
from urllib.request import Request, getproxies, proxy_bypass
from weakref import finalize

from ..errors import StoreError, UsageError
from ..limits import limits as bounds
from ..limits import size_text
from .answers import Answer, BodyTooLong, BoundedResponse, TooLong
from .credentials import HINT
from .origins import Origin, origin_of, plain, read_address
from .watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from email.message import Message

    from .credentials import Authorization

SUCCESS = frozenset(range(200, 300)) - {206}  # a part of what was asked for is no answer to it
ANY = range(1000)
_BUSY = frozenset({429, 502, 503, 504})
_NOT_DONE = frozenset({429, 503})  # of these, what surely was not carried out
_REDIRECTIONS = frozenset({301, 302, 307, 308})
_MOST_REDIRECTIONS = 5
_LONGEST_PAUSE = 10.0**9  # seconds; what a server asks for beyond it is over every deadline
_REFERENCE = "%/?#:@!$&'()*+,;=~[]"

_STATUSES = {
    206: ("answered in part, which was not asked for", "check the address, and --profile"),
    303: ("shows another page instead of an answer", "check the address, and --profile"),
    400: ("refused the request as malformed", None),
    401: ("refused the user or the password", HINT),
    403: ("forbids this", "the user may lack the right to it"),
    404: ("has nothing at this address", "check the address, and --profile"),
    405: ("does not take this kind of request here", "check --profile"),
    407: ("is behind a proxy that wants a password", "lodkit gives none to a proxy"),
    413: ("finds the request too large", "lower 'chunk' and 'insert' in lodkit.toml"),
    415: ("does not take this media type", "check --profile"),
    429: ("is asked too often", "try again later"),
    502: ("is not reached through its gateway", "try again later"),
    503: ("is not available now", "try again later"),
    504: ("did not answer its gateway in time", "try again later"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds: ``timeout`` for a sign of life, ``deadline`` for all of a call.

    There are up to ``retries`` tries after the first, the first of them after a ``pause``.
    """

    timeout: float = 60.0
    deadline: float = 600.0
    retries: int = 4
    pause: float = 0.5


_TOLD_AFTER = 3.0
"""Seconds after which a wait is told of; each time it is, the next one must last twice as long."""

tells_waits: ContextVar[Callable[[str], None] | None] = ContextVar("tells_waits", default=None)
"""What is given a line, from another thread, while a server does not answer; by default nothing is."""


class Transport:
    """Sends requests to a server, one after the other, on a connection that is kept open as long as the
    server likes.

    Each goes to the origin that the authorization is bound to, or is a question without data and without
    credentials.
    """

    def __init__(self, limits: Limits, authorization: Authorization) -> None:
        self._limits = limits
        self._authorization = authorization
        self._kept: tuple[Origin, http.client.HTTPConnection] | None = None
        self._watchdog = Watchdog()
        self._told_after = _TOLD_AFTER
        self._closing: finalize[[], Transport] | None = (
            None  # closes the kept connection, when this is no longer used at the latest
        )

    def close(self) -> None:
        """Close the connection; the next request opens another one."""
        if self._closing is not None:
            self._closing()
        self._kept = self._closing = None

    def check_home(self, url: str) -> None:
        """Check that data may go to an address.

        Raises:
            UsageError: it is of another origin than the address that the user gave.
        """
        if not self._authorization.admits(url):
            message = (
                f"data would go to {origin_of(url)}, and the address given is of {self._authorization.home}"
            )
            hint = "lodkit.toml names the one; give an address of that origin, if it is right"
            raise UsageError(message, file=plain(url), hint=hint)

    def conceal(self, text: str) -> str:
        """Return what a server wrote without the password."""
        return self._authorization.conceal(text)

    def send(
        self,
        request: Request,
        *,
        repeatable: bool = True,
        statuses: Container[int] = SUCCESS,
        is_question: bool = False,
    ) -> Answer:
        """Send a request and return the answer, of one of the statuses; where all are taken, with the
        beginning of its body only.

        It is tried again when the server is busy (429, 502, 503, 504) or refuses the connection, after pauses
        that double, or as long as ``Retry-After`` says (RFC 9110 §10.2.3); a ``repeatable`` one also when the
        connection is lost under way. What ``is_question`` holds no data, and may go to another origin.

        Raises:
            StoreError: it failed for good, would take longer than the deadline, or the answer is too long.
            UsageError: data would go to another origin.
        """
        if not is_question:
            self.check_home(request.full_url)
        end = time.monotonic() + self._limits.deadline
        # a kept connection may turn out to be closed when it is too late to tell whether the request arrived
        if not repeatable:
            self.close()
        for attempt in range(self._limits.retries + 1):
            pause = self._limits.pause * 2**attempt
            is_there = True
            try:
                with self._telling(request):
                    answer = self._follow(request, end, statuses)
            except ConnectionError as error:
                failure = _lost(request, error)
                is_there = not isinstance(error, ConnectionRefusedError)
                again = repeatable or not is_there
            else:
                if answer.status in statuses:
                    return answer
                failure = self._refused(answer)
                again = answer.status in (_BUSY if repeatable else _NOT_DONE)
                pause = _retry_after(answer.headers) or pause
            if not again or attempt == self._limits.retries:
                break
            if time.monotonic() + pause >= end:
                message = (
                    f"{failure.message}, and a pause of {pause:.0f} s would be over the deadline of"
                    f" {self._limits.deadline:g} s"
                )
                failure = StoreError(message, file=failure.file, hint=failure.hint)
                break
            with self._telling(request) if is_there else nullcontext():
                time.sleep(pause)
        raise failure

    @contextmanager
    def _telling(self, request: Request) -> Iterator[None]:
        """Tell of an answer, or a pause, that takes long, while it does."""
        tell = tells_waits.get()
        if tell is None:
            yield
            return
        where = _asked(request)

        def told() -> None:
            self._told_after *= 2
            tell(f"waiting for {where} …")

        with self._watchdog.telling(self._told_after, told):
            yield

    def _follow(self, request: Request, end: float, statuses: Container[int]) -> Answer:
        for _ in range(_MOST_REDIRECTIONS + 1):
            answer = self._exchange(request, end, statuses)
            if answer.status == 401:
                challenges = answer.headers.get_all("WWW-Authenticate") or []
                self._authorization.take_up(challenges, request.full_url, _asked(request))
                answer = self._exchange(request, end, statuses)
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTIONS or target is None:
                return answer
            request = _redirected(request, target, self.conceal)
        raise StoreError("redirects in a circle", file=_asked(request), hint="check the address")

    def _exchange(self, request: Request, end: float, statuses: Container[int]) -> Answer:
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
                answer = _ask(connection, request, target, headers, statuses)
            if not late.is_set():  # else it only seems whole: headers that are cut off are headers
                return answer
            raise TimeoutError
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if time.monotonic() >= end:
                message = f"did not finish within the deadline of {self._limits.deadline:g} s"
                raise StoreError(
                    message, file=_asked(request), hint="ask for less, or raise --deadline"
                ) from None
            if is_kept and isinstance(error, ConnectionError):
                return self._exchange(request, end, statuses)
            # what broke HTTP has words of the server in it, which tracebacks would show
            cause = None if isinstance(error, http.client.HTTPException) else error
            raise _explained(error, request, self._limits) from cause
        except MemoryError:
            self.close()
            message = "the answer does not fit into memory"
            raise StoreError(message, file=_asked(request), hint="ask for less") from None

    def _connection(self, request: Request, timeout: float) -> tuple[http.client.HTTPConnection, str]:
        """Return the kept connection or a new one, and the request's target."""
        connection, target = _connection(request, timeout)
        where = origin_of(request.full_url)
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
        words = answer.words(self.conceal)
        return StoreError(
            f"the store {message} ({answer.status}){': ' if words else ''}{words}", file=answer.url, hint=hint
        )


def _connection(request: Request, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection that is not open yet, through a proxy where the environment names one, and the
    request's target.
    """
    origin = origin_of(request.full_url)
    kind = http.client.HTTPSConnection if origin.scheme == "https" else http.client.HTTPConnection
    proxy = _proxy(origin)
    to = proxy or origin
    connection = kind(to.host, to.port, timeout=timeout)
    connection.response_class = BoundedResponse
    if proxy is None:
        return connection, request.selector
    if origin.scheme == "https":
        connection.set_tunnel(origin.host, origin.port)
        return connection, request.selector
    return connection, request.full_url


def _proxy(origin: Origin) -> Origin | None:
    """Return the proxy that the environment names for an origin; a user and a password in its address are
    left out, and nothing beside the request itself goes to it.

    Raises:
        UsageError: what is named is no address.
    """
    if origin.is_loopback or proxy_bypass(str(origin).partition("://")[2]):
        return None
    named = getproxies().get(origin.scheme)
    if not named:
        return None
    start, _, rest = named.rpartition("://")
    try:
        return origin_of(read_address(f"{start or 'http'}://{rest.rpartition('@')[2]}"))
    except ValueError as error:
        message = f"the environment names a proxy that is none ({origin.scheme}_proxy)"
        raise UsageError(message, hint=str(error)) from None


def _ask(
    connection: http.client.HTTPConnection,
    request: Request,
    target: str,
    headers: dict[str, str],
    statuses: Container[int],
) -> Answer:
    with suppress(
        BrokenPipeError, ConnectionResetError
    ):  # a server that has refused before all was sent may have said why
        connection.request(request.get_method(), target, request.data, headers)
    response = connection.getresponse()
    assert isinstance(response, BoundedResponse)
    is_wanted = response.status in statuses and statuses is not ANY
    body = response.read_body(bounds().answer) if is_wanted else response.read_page()
    if not response.isclosed() or response.status < 200:  # what is left is no answer to the next request
        connection.close()
    return Answer(_asked(request), response.status, response.headers, body)


def _explained(error: Exception, request: Request, limits: Limits) -> Exception:
    """Return what to raise: a `ConnectionError` where a second try may help, else the error in one line."""
    where = _asked(request)
    match error:
        case BodyTooLong():
            message = f"the answer is longer than {size_text(bounds().answer)}"
            hint = "ask for less, or raise the bound with --limit-answer"
            return StoreError(message, file=where, hint=hint)
        case TooLong():
            return StoreError("its headers do not end", file=where, hint="check the address and the port")
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
            return StoreError(
                f"no such host: {origin_of(request.full_url).host}", file=where, hint="check the address"
            )
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
    where = _asked(request)
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


class _Redirected(Request):
    """A request that goes where a server said; messages name what was asked for, which the user knows."""

    asked: str


def _asked(request: Request) -> str:
    return request.asked if isinstance(request, _Redirected) else plain(request.full_url)


def _redirected(request: Request, target: str, conceal: Callable[[str], str]) -> Request:
    """Return the request for the address that a redirection names; method and body stay.

    Raises:
        StoreError: that is no address, or one of another origin: neither data nor a password follow there.
    """
    where, old = _asked(request), origin_of(request.full_url)
    try:
        # headers are read as Latin-1: these are the server's own bytes again
        reference = quote(target.encode("latin-1", "replace"), safe=_REFERENCE)
        url = read_address(urljoin(request.full_url, reference))
    except ValueError:
        message = "redirects to what is no address of a store"
        raise StoreError(message, file=where, hint="check the address") from None
    new = origin_of(url)
    if not old.admits(new):
        message = f"redirects to another host, {conceal(str(new))}"
        raise StoreError(message, file=where, hint="if that is right, give that address")
    redirected = _Redirected(url, request.data, dict(request.header_items()), method=request.get_method())
    redirected.asked = where
    return redirected


def _retry_after(headers: Message) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; None if it is not there or not
    understood.
    """
    value = (headers.get("Retry-After") or "").strip()
    if value.isdecimal():
        return min(float(value), _LONGEST_PAUSE)
    try:
        pause = (email.utils.parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(pause, 0.0), _LONGEST_PAUSE)
