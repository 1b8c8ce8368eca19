"""Who asks: a user and a password from the environment or netrc, and the headers that prove it. They are
never printed.
"""

from __future__ import annotations

import base64
import hashlib
import netrc
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import parse_http_list, parse_keqv_list

from ..errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from urllib.request import Request

USER, PASSWORD = "LODKIT_USER", "LODKIT_PASSWORD"
HINT = f"set {USER} and {PASSWORD}, or name the host in ~/.netrc"

_HASHES: Mapping[str, Callable[[bytes], hashlib._Hash]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password; the latter is in no text that is made of this."""

    user: str
    password: str = field(repr=False)


def find_credentials(host: str, environment: Mapping[str, str] | None = None) -> Credentials | None:
    """Return what the environment says (``LODKIT_USER``, ``LODKIT_PASSWORD``), else what netrc says of the
    host, else None.

    Raises:
        UsageError: only one of the two variables is set, or netrc cannot be read.
    """
    environment = os.environ if environment is None else environment
    user, password = environment.get(USER), environment.get(PASSWORD)
    if (user is None) != (password is None):
        raise UsageError(f"only one of {USER} and {PASSWORD} is set", hint="set both or none")
    return (
        Credentials(user, password)
        if user is not None and password is not None
        else _of_netrc(host, environment)
    )


def _of_netrc(host: str, environment: Mapping[str, str]) -> Credentials | None:
    path = Path(environment.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except (netrc.NetrcParseError, OSError, UnicodeError) as error:
        line = getattr(error, "lineno", None)
        raise UsageError(
            "cannot be read as netrc", file=str(path), line=line, hint="see man netrc; it must be yours alone"
        ) from error
    return Credentials(found[0], found[2] or "") if found and found[0] else None


class Authorization:
    """Answers a server's challenges (RFC 9110 §11), and goes on with what it accepted, so that bodies are not
    sent twice.
    """

    def __init__(self, credentials: Credentials | None, schemes: Sequence[str]) -> None:
        """``schemes`` are the ones that may be answered, ``digest`` or ``basic`` or both, the preferred one
        first.
        """
        self._credentials = credentials
        self._schemes = schemes
        self._challenge: tuple[str, Mapping[str, str]] | None = None
        self._uses = 0

    def header(self, request: Request) -> str | None:
        """Return the value of the header ``Authorization`` for a request, None while no challenge was taken
        up.
        """
        if self._challenge is None or self._credentials is None:
            return None
        scheme, challenge = self._challenge
        if scheme == "basic":
            return basic(self._credentials)
        self._uses += 1
        return digest(
            self._credentials,
            challenge,
            request.get_method(),
            request.selector,
            self._uses,
            secrets.token_hex(8),
        )

    def take_up(self, challenges: Sequence[str], url: str) -> None:
        """Choose among the challenges of an answer with status 401.

        Raises:
            StoreError: there are no credentials, or none of the challenges may be answered.
        """
        found = {
            scheme.lower(): rest
            for scheme, _, rest in (challenge.strip().partition(" ") for challenge in challenges)
        }
        if self._credentials is None:
            raise StoreError("wants a user and a password (401)", file=url, hint=HINT)
        scheme = next((scheme for scheme in self._schemes if scheme in found), None)
        parameters = parse_keqv_list(list(filter(None, parse_http_list(found.get(scheme or "", "")))))
        if scheme is None or (scheme == "digest" and not _is_known(parameters)):
            offered, taken = ", ".join(sorted(found)) or "no", " and ".join(self._schemes) or "none"
            raise StoreError(
                f"offers {offered} authentication",
                file=url,
                hint=f"{taken} is taken; 'auth' in lodkit.toml sets it",
            )
        self._challenge, self._uses = (scheme, parameters), 0

    def conceal(self, text: str) -> str:
        """Return what a server wrote without the password, should it have come back."""
        if self._credentials is None or not self._credentials.password:
            return text
        return text.replace(self._credentials.password, "***").replace(
            basic(self._credentials).split()[1], "***"
        )


def basic(credentials: Credentials) -> str:
    """Return the header's value for the scheme Basic (RFC 7617 §2)."""
    return "Basic " + base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode("ascii")


def digest(
    credentials: Credentials, challenge: Mapping[str, str], method: str, uri: str, uses: int, nonce: str
) -> str:
    """Return the header's value for the scheme Digest (RFC 7616 §3.4), with ``qop=auth`` where it is offered.

    ``uses`` counts the requests under this challenge from 1, ``nonce`` is the client's own. The standard
    library's handler takes
    neither SHA-256 nor names beyond ASCII, and SPARQLWrapper installs that one for the whole process.
    """
    algorithm = challenge.get("algorithm", "MD5").upper()

    def hashed(*parts: str) -> str:
        return _HASHES[algorithm](":".join(parts).encode()).hexdigest()

    secret = hashed(credentials.user, challenge["realm"], credentials.password)
    target = hashed(method, uri)
    fields = {
        "username": credentials.user,
        "realm": challenge["realm"],
        "nonce": challenge["nonce"],
        "uri": uri,
    }
    if "qop" in challenge:
        count = f"{uses:08x}"
        fields["response"] = hashed(secret, challenge["nonce"], count, nonce, "auth", target)
        tail = f", qop=auth, nc={count}, cnonce={_quoted(nonce)}"
    else:
        fields["response"] = hashed(secret, challenge["nonce"], target)
        tail = ""
    if "opaque" in challenge:
        fields["opaque"] = challenge["opaque"]
    return (
        "Digest "
        + ", ".join(f"{key}={_quoted(value)}" for key, value in fields.items())
        + f", algorithm={algorithm}"
        + tail
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_known(challenge: Mapping[str, str]) -> bool:
    offered = [word.strip() for word in challenge.get("qop", "auth").split(",")]
    return (
        challenge.get("algorithm", "MD5").upper() in _HASHES
        and "auth" in offered
        and {"realm", "nonce"} <= challenge.keys()
    )
