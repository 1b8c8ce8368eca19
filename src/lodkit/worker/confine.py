"""What a process gives up before it works on what others made: sockets, other programs, memory, time, files
to write.

Each is taken away as far as the system can: limits wherever there is POSIX, system calls by a filter on Linux
(https://docs.kernel.org/userspace-api/seccomp_filter.html).
"""

from __future__ import annotations

import platform
import struct
import sys
from contextlib import suppress
from typing import Any

resource: Any
try:
    import resource
except ImportError:  # not on Windows
    resource = None

_PDEATHSIG, _NO_NEW_PRIVS, _SECCOMP, _FILTER = 1, 38, 22, 2  # linux/prctl.h
_SIGKILL = 9

# linux/audit.h and the tables of system calls. No socket, no other program, no look into other processes.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "sendto": 44,
            "sendmsg": 46,
            "bind": 49,
            "listen": 50,
            "execve": 59,
            "ptrace": 101,
            "execveat": 322,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "ptrace": 117,
            "socket": 198,
            "bind": 200,
            "listen": 201,
            "connect": 203,
            "sendto": 206,
            "sendmsg": 211,
            "execve": 221,
            "execveat": 281,
            "io_uring_setup": 425,
        },
    ),
}

# linux/bpf_common.h: load a word of the call, jump if equal, jump if at least, return
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
_OTHER_ABI = 0x40000000  # x32 calls the same functions by other numbers
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # the call fails with EACCES


def confine(memory: int) -> None:
    """Give up what a worker does not need; ``memory`` is its address space in bytes."""
    _lower("RLIMIT_AS", memory)
    _lower("RLIMIT_CORE", 0)
    _lower("RLIMIT_FSIZE", 0)
    if sys.platform == "linux":
        with suppress(OSError, ImportError):  # a kernel without it: the guard in front of the engine remains
            _end_with_parent()
            _filter_calls()


def allow_seconds(seconds: float) -> None:
    """Let this process take so many more seconds of CPU time, rounded up; then a signal ends it."""
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def _lower(name: str, most: int) -> None:
    if resource is None:
        return
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, most))


def _end_with_parent() -> None:
    _control(_PDEATHSIG, _SIGKILL)


def _filter_calls() -> None:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return
    import ctypes

    program = call_filter(*machine)
    code = ctypes.create_string_buffer(program, len(program))
    rules = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(code))  # struct sock_fprog
    _control(_NO_NEW_PRIVS, 1)
    _control(_SECCOMP, _FILTER, ctypes.create_string_buffer(rules, len(rules)))


def call_filter(machine: int, refused: dict[str, int]) -> bytes:
    """Return the filter program that refuses some system calls, and those of any other machine."""
    numbers = sorted(refused.values())
    end = len(numbers) + 5  # where the refusal stands
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 0, end - 2, machine),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, end - 4, 0, _OTHER_ABI),
        *((_IF_EQUAL, end - 5 - at, 0, number) for at, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _control(option: int, *arguments: object) -> None:
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    given = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    padded = given + [ctypes.c_ulong(0)] * (4 - len(given))
    if library.prctl(option, *padded) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
