"""A server on loopback that passes requests on to a real one, or fails as it is told on the n-th of them."""

from __future__ import annotations

import base64
import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lodkit.endpoint.challenges import Credentials, digest

SECRET = "hidden-71c0"

Fault = Callable[["FaultHandler"], None]


def titled(headers: Message) -> dict[str, str]:
    return {key.title(): value for key, value in headers.items()}


class FaultServer(ThreadingHTTPServer):
    """A proxy on loopback that passes requests on, or does what is asked for instead on the n-th of them
    (from 0).
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, backend: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), FaultHandler)
        self.backend = backend
        self.faults: dict[int, Fault] = {}
        self.always: Fault | None = None
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are no error here."""


class FaultHandler(BaseHTTPRequestHandler):
    """One request: written down, then failed or passed on."""

    protocol_version = "HTTP/1.1"
    server: FaultServer
    body: bytes

    def handle_one(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        number = len(self.server.requests)
        self.server.requests.append((self.command, self.path, dict(self.headers), self.body))
        fault = self.server.faults.get(number, self.server.always)
        self.close_connection = True
        if fault is not None:
            fault(self)
        else:
            self.answer(*self.forward())

    do_GET = do_POST = do_PUT = do_DELETE = handle_one

    def forward(self) -> tuple[int, dict[str, str], bytes]:
        """Return the answer of the server behind."""
        assert self.server.backend is not None
        kept = {
            key: value for key, value in self.headers.items() if key.lower() in ("content-type", "accept")
        }
        request = urllib.request.Request(
            self.server.backend + self.path, self.body or None, kept, method=self.command
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, titled(response.headers), response.read()
        except urllib.error.HTTPError as error:
            return error.code, titled(error.headers), error.read()

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response_only(status)
        for key, value in headers.items():
            if key.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """End the connection so that the client is told (RST)."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda handler: handler.answer(
        code, {"Content-Type": "text/plain", "Server": "Oxigraph/0", **named}, body
    )


def hang(handler: FaultHandler) -> None:
    handler.server.over.wait(30)


def drip(handler: FaultHandler) -> None:
    """A sign of life every now and then, in the headers already, and no end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b".")


def drip_body(handler: FaultHandler) -> None:
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 100000\r\n\r\n"
    )
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")


def reset_after(count: int) -> Fault:
    def fault(handler: FaultHandler) -> None:
        _, headers, body = handler.forward()
        kind = headers.get("Content-Type", "text/plain")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body) + 1}\r\n\r\n".encode()
        handler.wfile.write((head + body)[:count])
        handler.reset()

    return fault


def refuse_to_apply(handler: FaultHandler) -> None:
    """Take the request, do nothing, and drop the connection."""
    handler.reset()


def apply_and_drop(handler: FaultHandler) -> None:
    handler.forward()
    handler.reset()


def page(handler: FaultHandler) -> None:
    text = b"<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body><h1>Please log in</h1></body></html>"
    handler.answer(200, {"Content-Type": "text/html; charset=utf-8"}, text)


def cut_body(handler: FaultHandler) -> None:
    """An answer that is short and does not show it: its length is that of what came."""
    code, headers, body = handler.forward()
    handler.answer(code, headers, body[: len(body) // 2])


def cut_stream(handler: FaultHandler) -> None:
    """An answer in chunks whose last one does not come."""
    _, headers, body = handler.forward()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {headers['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    handler.wfile.write(head.encode() + f"{len(body):x}\r\n".encode() + body + b"\r\n")


def redirect(where: str, code: int = 307) -> Fault:
    return lambda handler: handler.answer(code, {"Location": where})


def raw(*pieces: bytes) -> Fault:
    """What is no answer, or no good one, byte for byte."""

    def fault(handler: FaultHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)

    return fault


def endless(start: bytes, piece: bytes) -> Fault:
    """An answer that goes on until the client hangs up."""

    def fault(handler: FaultHandler) -> None:
        handler.wfile.write(start)
        while not handler.server.over.is_set():
            handler.wfile.write(piece)

    return fault


def basic(handler: FaultHandler) -> None:
    wanted = "Basic " + base64.b64encode(f"ada:{SECRET}".encode()).decode()
    if handler.headers.get("Authorization") == wanted:
        handler.answer(*handler.forward())
    else:
        echo = f"no entry for {handler.headers.get('Authorization')} {SECRET}".encode()
        handler.answer(401, {"WWW-Authenticate": 'Basic realm="lodkit"', "Content-Type": "text/plain"}, echo)


def by_digest(algorithm: str, qop: bool = True) -> Fault:
    challenge = {"realm": "lodkit", "nonce": "abc", "opaque": "xyz", "algorithm": algorithm} | (
        {"qop": "auth,auth-int"} if qop else {}
    )

    def fault(handler: FaultHandler) -> None:
        given = handler.headers.get("Authorization") or ""
        found = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        known = Credentials("ada", SECRET)
        path = handler.path
        uses = int(found.get("nc", "1"), 16)
        expected = digest(known, challenge, handler.command, path, uses, found.get("cnonce", ""))
        if given == expected:
            handler.answer(*handler.forward())
        else:
            offered = ", ".join(f'{key}="{value}"' for key, value in challenge.items())
            handler.answer(401, {"WWW-Authenticate": f"Digest {offered}"})

    return fault
