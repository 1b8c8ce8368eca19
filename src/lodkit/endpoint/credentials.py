"""Who asks: a user and a password from the environment or netrc, and the one place that decides who is told.

They are never printed.
"""

from __future__ import annotations

import html
import json
import netrc
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from ..errors import StoreError, UsageError
from .challenges import Challenge, Credentials, basic, digest, parse_challenges
from .origins import Origin, origin_of, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from urllib.request import Request

USER, PASSWORD = "LODKIT_USER", "LODKIT_PASSWORD"
HINT = f"set {USER} and {PASSWORD}, or name the host in ~/.netrc"

_UNFIT = re.compile(r"[\x00-\x1f\x7f]")
_WORDS = re.compile(r"[A-Za-z0-9]{4,}")  # of a password: they stay in it, however it is escaped
_RESPONSE = re.compile(r'response="(\w+)"')


def find_credentials(origin: Origin, environment: Mapping[str, str] | None = None) -> Credentials | None:
    """Return what the environment says (``LODKIT_USER``, ``LODKIT_PASSWORD``), else what netrc says of the
    host, else None; for this origin and no other.

    Raises:
        UsageError: only one of the two variables is set, netrc cannot be read, or there are control
            characters in what is said.
    """
    environment = os.environ if environment is None else environment
    user, password = environment.get(USER), environment.get(PASSWORD)
    if bool(user) != (password is not None) and (user or password):
        raise UsageError(f"only one of {USER} and {PASSWORD} is set", hint="set both or none")
    if user:
        return _checked(user, password or "", f"{USER} or {PASSWORD}")
    return _of_netrc(origin.host, environment)


def _of_netrc(host: str, environment: Mapping[str, str]) -> Credentials | None:
    try:
        path = Path(environment.get("NETRC") or Path.home() / ".netrc")
        if not path.is_file():
            return None
        found = netrc.netrc(str(path)).authenticators(host)
    except (netrc.NetrcParseError, OSError, ValueError) as error:
        line = getattr(error, "lineno", None)
        hint = "see man netrc; it must be yours alone"
        # not from the error: its text has words of the file
        raise UsageError("cannot be read as netrc", file=str(path), line=line, hint=hint) from None
    except RuntimeError:  # there is no home
        return None
    return _checked(found[0], found[2] or "", str(path)) if found and found[0] else None


def _checked(user: str, password: str, where: str) -> Credentials:
    """RFC 7617 §2: no control characters; a line break would begin a header of its own."""
    if _UNFIT.search(user + password):
        raise UsageError(f"a control character in the user or the password of {where}", hint="remove it")
    return Credentials(user, password)


class Authorization:
    """Answers a server's challenges (RFC 9110 §11), and goes on with what it accepted, so that bodies are not
    sent twice.

    Credentials are bound to ``home``, the origin of the address that they were found for: no request to
    another one gets them, whoever challenges, and whatever a challenge says of its domain.
    """

    def __init__(
        self,
        home: Origin,
        credentials: Credentials | None,
        schemes: Sequence[str],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``schemes`` are the ones that may be answered, ``digest`` or ``basic`` or both, the preferred one
        first. ``tell`` is given what the user should know.
        """
        self.home = home
        self._credentials = credentials
        self._schemes = schemes
        self._tell = tell
        self._challenge: tuple[Origin, Challenge] | None = None
        self._uses = 0
        self._response = ""
        self._secret = _pattern(credentials)

    def admits(self, url: str) -> bool:
        """Tell whether a request may bring data and credentials."""
        return self.home.admits(origin_of(url))

    def header(self, request: Request) -> str | None:
        """Return the value of the header ``Authorization`` for a request; None while its origin's challenge
        was not taken up.
        """
        origin = origin_of(request.full_url)
        if self._challenge is None or self._credentials is None or not self.home.admits(origin):
            return None
        challenged, challenge = self._challenge
        if challenged != origin:
            return None
        if challenge.scheme == "basic":
            return basic(self._credentials)
        self._uses += 1
        value = digest(
            self._credentials,
            challenge.parameters,
            request.get_method(),
            request.selector,
            self._uses,
            secrets.token_hex(8),
        )
        self._response = found[1] if (found := _RESPONSE.search(value)) else ""
        return value

    def take_up(self, headers: Sequence[str], url: str, asked: str | None = None) -> None:
        """Choose among the challenges of an answer with status 401; ``asked`` is what messages name, by
        default the address.

        Raises:
            StoreError: it came from another origin, there are no credentials, or none of the challenges may
                be answered.
            UsageError: the user's name cannot be told in the way that is asked for.
        """
        where, origin = asked or plain(url), origin_of(url)
        if not self.home.admits(origin):
            message = f"wants a user and a password (401), and those for {self.home} are not for it"
            raise StoreError(message, file=where, hint=f"to ask it as a user, give an address of {origin}")
        if self._credentials is None:
            raise StoreError("wants a user and a password (401)", file=where, hint=HINT)
        found = [challenge for value in headers for challenge in parse_challenges(value)]
        chosen = next(
            (
                challenge
                for scheme in self._schemes
                for challenge in found
                if challenge.scheme == scheme and challenge.is_known
            ),
            None,
        )
        if chosen is None:
            raise self._not_taken(found, where)
        if chosen.scheme == "basic":
            self._check_basic(origin, self._credentials)
        self._challenge, self._uses = (origin, chosen), 0

    def _not_taken(self, found: Sequence[Challenge], where: str) -> StoreError:
        offered = sorted({challenge.scheme for challenge in found}) or ["no"]
        odd = any(challenge.scheme in self._schemes for challenge in found)
        return StoreError(
            f"offers {self.conceal(', '.join(offered))[:100]} authentication"
            + (" of a kind that is not known" if odd else ""),
            file=where,
            hint=f"{' and '.join(self._schemes) or 'none'} is taken; 'auth' in lodkit.toml sets it",
        )

    def _check_basic(self, origin: Origin, credentials: Credentials) -> None:
        if ":" in credentials.user:
            raise UsageError("a user with ':' in the name cannot be told by basic authentication")
        if origin.scheme == "http" and not origin.is_loopback:
            self._tell(f"the password goes to {origin} in clear: anybody on the way can read it (use https)")

    def conceal(self, text: str) -> str:
        """Return what a server wrote without the password, should it have come back in some form."""
        if self._response:
            text = text.replace(self._response, "***")
        return self._secret.sub("***", text) if self._secret else text


def _pattern(credentials: Credentials | None) -> re.Pattern[str] | None:
    """Return what finds a password in the forms that pages, addresses and JSON give it, in any case."""
    if credentials is None or not credentials.password:
        return None
    text, known = credentials.password, basic(credentials).split()[1]
    forms = {*_forms(text), *_WORDS.findall(text), known} - {""}
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))), re.IGNORECASE)


def _forms(password: str) -> Iterator[str]:
    yield from (password, " ".join(password.split()), repr(password)[1:-1])
    yield from (html.escape(password), html.escape(password, quote=False))
    yield from (json.dumps(password)[1:-1], json.dumps(password, ensure_ascii=False)[1:-1])
    yield from (quote(password, errors="surrogateescape"), quote(password, safe="", errors="surrogateescape"))
    yield quote_plus(password, errors="surrogateescape")
    yield password.encode("utf-8", "surrogateescape").decode("latin-1")  # as headers are read
    yield password.encode("latin-1", "replace").decode("utf-8", "replace")  # a page in Latin-1
