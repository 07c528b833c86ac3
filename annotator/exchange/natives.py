"""What the schemas of the native format share: its texts, and what every changeable thing carries."""

from annotator.exchange.fields import SHA256, Exact, Moment, Patterned, Ref
from annotator.fields import InSchema, PublicId, WholeNumber


def words(least: int = 0) -> Exact:
    """Give a field of text."""
    return Exact(required=True, least=least)


def maybe_words() -> Exact:
    """Give a field of text that may be missing."""
    return Exact(required=True, allow_none=True)


def request_field() -> Patterned:
    """Give the field of the hash of the request that made a thing."""
    return Patterned(
        SHA256, "Give a SHA-256: 64 hexadecimal digits in lower case.", required=True, allow_none=True
    )


class Native(InSchema):
    """What every changeable thing carries."""

    id = PublicId(required=True)
    version = WholeNumber(required=True, least=1)
    created_at = Moment(required=True)
    created_by = Ref("people", allow_none=True)
    updated_at = Moment(required=True)
    updated_by = Ref("people", allow_none=True)
    request_sha256 = request_field()


class Deletable(Native):
    """What can be deleted softly, and restored, carries besides."""

    deleted_at = Moment(required=True, allow_none=True)
    deleted_by = Ref("people", allow_none=True)
