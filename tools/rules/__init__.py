"""Rules of our own that no linter knows, read from the syntax tree, the templates and the scripts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One place that breaks a rule; `place` is what `allowed.py` names where there is a reason for it."""

    path: str
    line: int
    rule: str
    place: str
    sentence: str

    def __str__(self) -> str:
        """Give the line that people and editors read."""
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence} ({self.place})"
