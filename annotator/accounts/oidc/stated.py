"""What the provider states of a person, once its ID token is believed; free of the libraries that read it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stated:
    """What the provider states of a person who has just signed in there; of what it does not say, nothing."""

    issuer: str
    subject: str
    email: str
    name: str
    groups: frozenset[str]
    authenticated_at: float | None
    second_factor: bool
