"""What the forms of speakers and statements take: as in the API, but names for ids and lines for lists."""

from typing import Any

from marshmallow import fields

from annotator.fields import Choice, Imprecise, InSchema, Line, Prose, Url
from annotator.statements.models import LocatorKind, Medium, SpeakerKind
from annotator.statements.schemas import MAX_TAGS, StatementArgs

SPEAKER_FIELDS = ("name", "kind", "also_known_as", "same_as", "description")
STATEMENT_FIELDS = (
    "speaker", "quote", "language", "translation", "translator", "said_on", "role", "occasion", "medium", "source",
    "locator_kind", "locator", "valid_from", "valid_until", "tags",
)  # fmt: skip


class Filters(StatementArgs):
    """What a list of statements on a page can be narrowed by."""

    since = Imprecise(load_default=None, allow_none=True)


class Lines(fields.String):
    """A list of short texts as a form carries it: one a line, or with commas between."""

    def __init__(self, *, sign: str, most: int, longest: int, **kwargs: Any) -> None:
        """Take what parts the texts, how many there may be and how long each."""
        super().__init__(**kwargs)
        self.sign, self.most = sign, most
        self.one = Line(max=longest)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        found = [self.one.deserialize(part) for part in text.split(self.sign)]
        kept = list(dict.fromkeys(part for part in found if part))
        if len(kept) > self.most:
            raise self.make_error("many", most=self.most)
        return kept

    default_error_messages = {"many": "Give at most {most}."}


class SpeakerForm(InSchema):
    """A speaker; other names one a line. `another` says that it is none of those that are like it."""

    name = Line(needed=True, required=True)
    kind = Choice(SpeakerKind)
    also_known_as = Lines(sign="\n", most=50, longest=300)
    same_as = Url()
    description = Prose()
    another = fields.Boolean()


class StatementForm(InSchema):
    """A statement; speaker and source by name, tags with commas between."""

    speaker = Line(needed=True, required=True)
    new_speaker = fields.Boolean()
    quote = Prose(needed=True, required=True)
    language = Line(max=35)
    translation = Prose()
    translator = Line()
    said_on = Imprecise(allow_none=True)
    role = Line()
    occasion = Line()
    medium = Choice(Medium)
    source = Line(max=2048)
    locator_kind = Choice(LocatorKind, allow_none=True)
    locator = Line()
    valid_from = Imprecise(allow_none=True)
    valid_until = Imprecise(allow_none=True)
    tags = Lines(sign=",", most=MAX_TAGS, longest=100)
    another = fields.Boolean()
