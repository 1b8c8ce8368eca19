"""Regular expressions of XPath that never have to go back, as Python's: most of those of shapes.

Such an expression is a row of characters and classes, each with how often it may stand there. Whatever may
stand there more or less often shares no character with what can follow it, so that taking as much as there
is (a possessive quantifier) is always right; and unless the expression begins at the beginning of the text,
its first character is none that can follow, so that no two attempts go over the same text. Then Python's
``re`` takes linear time as well, and a tenth of what asking the engine takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MOST = 500
"""How often all may be repeated together: far from what the engine refuses to compile."""

_ESCAPE = r"\\[nrt\\|.?*+(){}\-\[\]^$]"
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_MEMBER = rf"(?:{_ESCAPE}|[A-Za-z0-9](?:-[A-Za-z0-9])?|[ !\"#$%&'()*+,./:;<=>?@_`{{|}}~])"
_STEP = re.compile(
    rf"(?:(?P<one>{_ESCAPE}|[A-Za-z0-9 !\"#%&',/:;<=>@_`~-])|\[(?P<negated>\^?)(?P<members>{_MEMBER}+)\])"
    r"(?P<times>[?*+]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})?"
)
_EACH_MEMBER = re.compile(_MEMBER)
_TIMES: dict[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


@dataclass(frozen=True, slots=True)
class _Step:
    """Which characters may stand there, or which may not, and how often (``most`` inclusive)."""

    characters: frozenset[str]
    is_negated: bool
    least: int
    most: int | None

    def shares(self, other: _Step) -> bool:
        """Tell whether a character may stand in both places."""
        if self.is_negated and other.is_negated:
            return True
        if self.is_negated or other.is_negated:
            some, none = (other, self) if self.is_negated else (self, other)
            return not some.characters <= none.characters
        return not self.characters.isdisjoint(other.characters)

    def written(self) -> str:
        """Return it as Python writes it."""
        written = "".join(map(re.escape, sorted(self.characters)))
        if self.is_negated or len(self.characters) > 1:
            written = f"[{'^' * self.is_negated}{written}]"
        most = "" if self.most is None else self.most
        return written if self.least == self.most == 1 else f"{written}{{{self.least},{most}}}+"


@lru_cache(maxsize=1024)
def deterministic(source: str) -> re.Pattern[str] | None:
    """Return an expression without flags as Python's, to be searched for; None if it may have to go back,
    or is none.

    >>> bool(deterministic("#char=[0-9]+,[0-9]+$").search("x:a#char=12,34"))
    True
    >>> deterministic("(a+)+$"), deterministic("a+b"), deterministic("^a*a$")
    (None, None, None)
    """
    begins, ends = source[:1] == "^", source[-1:] == "$" and source[-2:-1] != "\\"
    steps = _steps(source[begins : len(source) - ends])
    if not steps or not _takes_all(steps) or not (begins or _begins_once(steps)):
        return None
    return re.compile(r"\A" * begins + "".join(step.written() for step in steps) + r"\Z" * ends)


def _steps(source: str) -> list[_Step] | None:
    steps: list[_Step] = []
    position = repeated = 0
    while position < len(source):
        found = _STEP.match(source, position)
        step = None if found is None else _step(found)
        if found is None or step is None:
            return None
        steps.append(step)
        repeated += step.most or step.least
        position = found.end()
    return steps if repeated <= _MOST else None


def _step(found: re.Match[str]) -> _Step | None:
    written = _EACH_MEMBER.findall(found["members"]) if found["members"] else [found["one"]]
    characters = frozenset(character for member in written for character in _characters(member))
    least, most = _times(found["times"] or "")
    is_none = (most is not None and most < max(least, 1)) or not all(map(_characters, written))
    return None if is_none else _Step(characters, bool(found["negated"]), least, most)


def _characters(member: str) -> str:
    """The characters that a member of a class stands for: none where a range is the wrong way round."""
    if member[0] == "\\":
        return _ESCAPED.get(member[1], member[1])
    return "".join(map(chr, range(ord(member[0]), ord(member[-1]) + 1)))


def _times(sign: str) -> tuple[int, int | None]:
    if sign in _TIMES:
        return _TIMES[sign]
    least, comma, most = sign[1:-1].partition(",")
    return int(least), int(most) if most else None if comma else int(least)


def _takes_all(steps: list[_Step]) -> bool:
    """Tell whether each step that varies is told from what can follow it by the first character."""
    for number, step in enumerate(steps):
        for follower in steps[number + 1 :] if step.least != step.most else ():
            if step.shares(follower):
                return False
            if follower.least:
                break
    return True


def _begins_once(steps: list[_Step]) -> bool:
    """Tell whether what a match begins with stands nowhere else in it."""
    first, *others = steps
    return first.least == first.most == 1 and not any(map(first.shares, others))
