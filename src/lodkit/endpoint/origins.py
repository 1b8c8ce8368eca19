"""Where requests go: addresses in one form, and their origins, which credentials and data are bound to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_PORTS = {"http": 80, "https": 443}
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\\\s]")
_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:@%]+))(?::(?P<port>[0-9]{0,5}))?")
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_LONGEST_NAME = 253  # RFC 1035 §2.3.4, as text
_RESERVED = "%/?:@!$&'()*+,;=~[]"  # kept as they are: RFC 3986 §2.2, and what is escaped already


@dataclass(frozen=True, slots=True)
class Origin:
    """An origin (RFC 6454 §4): scheme and host in lower case, and the port, also where it is the default."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != _PORTS[self.scheme] else "")

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        try:
            address = ipaddress.ip_address(self.host)
        except ValueError:
            return self.host.rstrip(".") == "localhost"
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback

    def admits(self, other: Origin) -> bool:
        """Tell whether what is meant for this origin may go to another one: the same, or the https of this
        host where both ports are the default ones. That way it is only better protected.
        """
        return other == self or (
            (self.scheme, self.port) == ("http", 80) and other == Origin("https", self.host, 443)
        )


def read_address(text: str) -> str:
    """Return an address in one form: host in ASCII and lower case, no default port, no fragment, the path
    escaped.

    >>> read_address("HTTP://Stores.Example:80/käse?x=1#y")
    'http://stores.example/k%C3%A4se?x=1'

    Raises:
        ValueError: it is not one of a server that speaks HTTP; the message says what is wrong, without any
            of the text, which may hold a password.
    """
    if _UNFIT.search(text):
        raise ValueError("there is a space, a backslash or a control character in it")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("its host cannot be read") from None
    if parts.scheme not in _PORTS:
        raise ValueError("it begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("there is a user or a password in it")
    found = _AUTHORITY.fullmatch(parts.netloc)
    if found is None:
        raise ValueError("it begins with http:// or https:// and a host, and a port is a number")
    port = int(found["port"] or _PORTS[parts.scheme])
    if not 0 < port < 2**16:
        raise ValueError("a port is a number from 1 to 65535")
    origin = Origin(parts.scheme, _host(found["six"], found["name"]), port)
    query = f"?{quote(parts.query, safe=_RESERVED)}" if parts.query else ""
    return f"{origin}{quote(parts.path, safe=_RESERVED)}{query}"


def _host(six: str | None, name: str | None) -> str:
    try:
        if six is not None:
            return ipaddress.IPv6Address(six).compressed
        host = (name or "").encode("idna").decode("ascii").lower()
    except ValueError:  # that of IDNA too
        host = ""
    if not _NAME.fullmatch(host) or len(host) > _LONGEST_NAME:
        raise ValueError("its host is none")
    return host


def origin_of(address: str) -> Origin:
    """Return the origin of an address that `read_address` gave.

    >>> origin_of("http://[::1]:7878/query")
    Origin(scheme='http', host='::1', port=7878)
    """
    parts = urlsplit(address)
    return Origin(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])


def plain(address: str) -> str:
    """Return an address as messages show it, without a query."""
    return address.partition("?")[0]


def shown(text: str) -> str:
    """Return what was meant to be an address as messages show it: without what may be a user, a password or
    a query.

    >>> shown("http://ada:a/b@[::1/sparql?key=1")
    'http://[::1/sparql'
    """
    before, at, rest = text.rpartition("@")
    start = before.partition("://")[0] + "://" if "://" in before else ""
    return plain(start + rest) if at else plain(text)
