"""What a server asks for before it answers (RFC 9110 §11), and the headers that prove who asks."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_HASHES: Mapping[str, Callable[[bytes], hashlib._Hash]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_SCHEME = re.compile(rf"({_TOKEN})(?=[ \t,]|$)")
_PARAMETER = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))[ \t]*(?=,|$)')
_TOKEN68 = re.compile(r"[ \t]+[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)")
_BETWEEN = re.compile(r"[ \t,]*")
_UNFIT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # a header that goes on in the next line is malformed too


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password; the latter is in no text that is made of this."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: a scheme, and parameters by their names, both in lower case."""

    scheme: str
    parameters: Mapping[str, str]

    @property
    def is_known(self) -> bool:
        """Whether this can be answered."""
        if self.scheme != "digest":
            return self.scheme == "basic"
        offered = [word.strip() for word in self.parameters.get("qop", "auth").split(",")]
        return (
            self.parameters.get("algorithm", "MD5").upper() in _HASHES
            and "auth" in offered
            and {"realm", "nonce"} <= self.parameters.keys()
        )


def parse_challenges(value: str) -> Iterator[Challenge]:
    """Yield the challenges in the value of one header ``WWW-Authenticate``; from where it is malformed on,
    nothing is taken.

    >>> [found.scheme for found in parse_challenges('Basic realm="a, b", Digest realm="c", nonce=d')]
    ['basic', 'digest']
    """
    if _UNFIT.search(value):
        return
    place = _after(_BETWEEN.match(value))
    while scheme := _SCHEME.match(value, place):
        parameters: dict[str, str] = {}
        token = _TOKEN68.match(value, scheme.end())
        place = _after(_BETWEEN.match(value, (token or scheme).end()))
        while found := _PARAMETER.match(value, place):
            quoted = found[2]
            parameters[found[1].lower()] = found[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            place = _after(_BETWEEN.match(value, found.end()))
        if place < len(value) and not _SCHEME.match(value, place):
            return
        yield Challenge(scheme[1].lower(), parameters)


def _after(found: re.Match[str] | None) -> int:
    assert found is not None  # the pattern fits everywhere
    return found.end()


def basic(credentials: Credentials) -> str:
    """Return the header's value for the scheme Basic (RFC 7617 §2), in UTF-8."""
    pair = _bytes(f"{credentials.user}:{credentials.password}")
    return "Basic " + base64.b64encode(pair).decode("ascii")


def digest(
    credentials: Credentials, challenge: Mapping[str, str], method: str, uri: str, uses: int, nonce: str
) -> str:
    """Return the header's value for the scheme Digest (RFC 7616 §3.4), with ``qop=auth`` where it is offered.

    ``uses`` counts the requests under this challenge from 1, ``nonce`` is the client's own. The standard
    library's handler takes neither SHA-256 nor names beyond ASCII, and SPARQLWrapper installs that one for
    the whole process.
    """
    algorithm = challenge.get("algorithm", "MD5").upper()

    def hashed(*parts: bytes) -> bytes:
        return _HASHES[algorithm](b":".join(parts)).hexdigest().encode()

    # What came in a header was read as Latin-1: these are the server's own bytes again.
    realm, given = (challenge[key].encode("latin-1", "replace") for key in ("realm", "nonce"))
    secret = hashed(_bytes(credentials.user), realm, _bytes(credentials.password))
    target = hashed(method.encode(), uri.encode())
    fields = {"realm": challenge["realm"], "nonce": challenge["nonce"], "uri": uri}
    if "qop" in challenge:
        count = f"{uses:08x}"
        response = hashed(secret, given, count.encode(), nonce.encode(), b"auth", target)
        tail = f", qop=auth, nc={count}, cnonce={_quoted(nonce)}"
    else:
        response = hashed(secret, given, target)
        tail = ""
    fields["response"] = response.decode()
    if "opaque" in challenge:
        fields["opaque"] = challenge["opaque"]
    listed = ", ".join(f"{key}={_quoted(value)}" for key, value in fields.items())
    return f"Digest {_user_field(credentials.user)}, {listed}, algorithm={algorithm}{tail}"


def _user_field(user: str) -> str:
    """The user's name, beyond ASCII as RFC 8187 §3.2 has it."""
    if user.isascii():
        return f"username={_quoted(user)}"
    return f"username*=UTF-8''{quote(user, safe='', errors='surrogateescape')}"


def _bytes(text: str) -> bytes:
    """UTF-8, or the bytes that the environment had, where they are none."""
    return text.encode("utf-8", "surrogateescape")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
