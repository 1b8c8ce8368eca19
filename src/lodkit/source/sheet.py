"""The text of an article while it is written, and the runs that lead from it to the file."""

from __future__ import annotations

import re

from .positions import Run

_BLANKS = re.compile(r"^[ \t]+|[ \t]{2,}|\t|[ \t]+$")  # a blank between two words is written with them


class Sheet:
    """Writes words; of blanks that follow each other one stays, and none at the ends of a block.

    What a block begins with is written once there is a word to follow it: ``opened`` is then where the block
    begins, and ``begun`` where its first word does.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.length = 0
        self.opened = self.begun = 0
        self._lead: list[tuple[str, int, int]] = []
        self._inside = 0
        self._parts: list[str] = []
        self._runs: list[Run] = []
        self._waiting: tuple[str, int, int] | None = None
        self._bracket: tuple[int, int] | None = None
        self._last = "\n"

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of what was written."""
        return tuple(self._runs)

    @property
    def last(self) -> str:
        """The character that was written last."""
        return self._last

    def tail(self, start: int) -> str:
        """Return what was written from an offset on, which is not far."""
        found: list[str] = []
        length = self.length
        for part in reversed(self._parts):
            if length <= start:
                break
            found.append(part)
            length -= len(part)
        return "".join(reversed(found))[start - length if length < start else 0 :]

    @property
    def is_open(self) -> bool:
        """Whether the block that was opened last has a word."""
        return not self._lead

    def open(self, *lead: tuple[str, int, int], inside: int = 0) -> None:
        """Say what the next block begins with: words, each with the stretch of the file that they are of; the
        last ``inside`` characters are part of the block.
        """
        self._lead, self._inside = list(lead), inside
        self._waiting = self._bracket = None

    def drop(self) -> None:
        """Forget what waits to be written before the next word."""
        self._lead, self._waiting, self._bracket = [], None, None

    @property
    def origin(self) -> int:
        """Where in the file the last word ends."""
        return self._runs[-1].until if self._runs else 0

    def settle(self) -> int:
        """Write what waits to be written before the next word; return where that word will stand."""
        if self._lead:
            for words, begin, until in self._lead:
                self._write(words, begin, until, copied=words == self.source[begin:until])
            self._lead, self._waiting = [], None
            self.opened, self.begun = self.length - self._inside, self.length
        elif self._waiting is not None:
            words, begin, until = self._waiting
            words = " " if self._bracket is not None else words  # a bracket belongs to what is before it
            self._waiting = None
            self._write(words, begin, until, copied=words == self.source[begin:until])
        if self._bracket is not None:
            begin, until = self._bracket
            self._bracket = None
            self._write("(", begin, until, copied=True)
        return self.length

    def blank(self, begin: int, until: int) -> None:
        """Let a blank stand before the next word."""
        is_begun = not self._lead and self._bracket is None and not self._last.isspace()
        if is_begun and self._waiting is None:
            self._waiting = (" ", begin, until)

    def separate(self, words: str, begin: int, until: int) -> None:
        """Let words stand before the next word instead of a blank."""
        self._waiting = (words, begin, until)

    def copy(self, start: int, end: int) -> None:
        """Write words as they stand in the file, which has no line end there."""
        words = self.source[start:end]
        at = 0
        for match in _BLANKS.finditer(words):
            if match.start() > at:
                self._word(words[at : match.start()], start + at)
            self.blank(start + match.start(), start + match.end())
            at = match.end()
        if at < len(words):
            self._word(words[at:], start + at)

    def _word(self, words: str, start: int) -> None:
        """Write a word; brackets with nothing left in them, and a blank before a comma, go."""
        if self._bracket is not None:
            plain = words.lstrip(",;")
            words, start = plain, start + len(words) - len(plain)
            if words[:1] == ")":
                self._bracket, words, start = None, words[1:], start + 1
            if not words:
                return
        if words[0] in ",.;:)" and self._bracket is None and self._waiting and self._waiting[0] == " ":
            self._waiting = None
        end = start + len(words)
        if words[0] == "(" and self._waiting is not None:  # it belongs to what is before it
            self._waiting = (" ", *self._waiting[1:])
        plain = words[:-1].rstrip(" ") if words[-1] == "(" else words
        if plain:
            self.settle()
            self._write(plain, start, start + len(plain), copied=True)
        if plain != words:
            if len(plain) + 1 < len(words):
                self.blank(start + len(plain), end - 1)
            self._bracket = (end - 1, end)

    def put(self, words: str, begin: int, until: int) -> None:
        """Write words that the reader makes of a stretch of the file."""
        lead, plain = words[: len(words) - len(words.lstrip(" "))], words.strip(" ")
        if lead:
            self.blank(begin, until)
        if plain:
            self.settle()
            self._write(plain, begin, until, copied=plain == self.source[begin:until])
            if words.endswith(" "):
                self.blank(until, until)

    def layout(self, words: str, at: int) -> None:
        """Write what is not of the file, such as a line end; blanks before it are dropped."""
        self._lead, self._waiting, self._bracket = [], None, None
        self._write(words, at, at, copied=False)

    def _write(self, words: str, begin: int, until: int, *, copied: bool) -> None:
        if not words:
            return
        self._parts.append(words)
        end = self.length + len(words)
        known = self._runs[-1] if self._runs else None
        if copied and known is not None and known.copied and known.until == begin:
            self._runs[-1] = Run(known.start, end, known.begin, until, True)
        else:
            self._runs.append(Run(self.length, end, begin, until, copied))
        self.length, self._last = end, words[-1]
