"""What clauses are made of: arguments, and a clause while its words are met."""

from __future__ import annotations

from dataclasses import dataclass, field

from .tags import Bounds
from .verb_groups import VerbGroup


@dataclass(frozen=True, slots=True)
class Argument:
    """Noun phrases that one preposition (none of an object or a subject) governs, joined by commas and "and".

    ``parts`` go from the determiner to the head. An ``infinitive`` is an argument with the preposition "to".
    """

    preposition: str
    parts: tuple[Bounds, ...]
    infinitive: bool = False

    @property
    def at(self) -> int:
        """The token where it begins."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The token after it."""
        return self.parts[-1][1]


@dataclass(frozen=True, slots=True)
class Clause:
    """One verb with what belongs to it; ``kind`` is main, coordinated, relative, participle or subordinate.

    ``fronted`` are adjuncts that stand before the subject.
    """

    kind: str
    subject: Argument | None
    verb: VerbGroup
    arguments: tuple[Argument, ...]
    fronted: tuple[Argument, ...] = ()
    end: int = 0


@dataclass(slots=True)
class OpenClause:
    """A clause while its words are met."""

    kind: str
    subject: Argument | None = None
    verb: VerbGroup | None = None
    arguments: list[Argument] = field(default_factory=list)
    fronted: list[Argument] = field(default_factory=list)
    end: int = 0

    def closed(self) -> Clause | None:
        if self.verb is None:
            return None
        arguments, fronted = tuple(self.arguments), tuple(self.fronted)
        return Clause(self.kind, self.subject, self.verb, arguments, fronted, self.end)
