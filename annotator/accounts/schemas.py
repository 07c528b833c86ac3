"""What a person, a password and a token look like, coming in and going out."""

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from annotator.accounts.passwords import LONGEST, SHORTEST
from annotator.fields import Choice, InSchema, Line
from annotator.identity import Scope
from annotator.zones import known_zones

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
HIDDEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


class Name(Line):
    """A person's name: one line, with a letter in it, without signs that turn or hide the text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = " ".join(super()._deserialize(value, attr, data, **kwargs).split())
        if HIDDEN.search(text):
            raise ValidationError("The name holds characters that cannot be seen. Type it anew.")
        return text


class Email(Line):
    """An e-mail address, case-folded, so that one person has one account."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).casefold()
        if text and not EMAIL.fullmatch(text):
            raise ValidationError("Give an e-mail address, such as ann@example.org.")
        return text


class Password(fields.String):
    """A password, taken as typed: neither trimmed nor normalised, whatever characters it holds."""

    as_typed = True

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > LONGEST:
            raise ValidationError(f"A password has at most {LONGEST} characters.")
        return text


class UserIn(InSchema):
    """A person: name and e-mail address."""

    name = Name(max=120, needed=True, required=True)
    email = Email(max=254, needed=True, required=True)


class NameIn(InSchema):
    """One's own name."""

    name = Name(max=120, needed=True, required=True)


class Regional(InSchema):
    """Language and time zone."""

    locale = fields.String(
        load_default="en", validate=validate.OneOf(["en"], error="There are pages in English only so far.")
    )
    time_zone = fields.String(required=True)

    @validates("time_zone")
    def _known(self, value: str, **_: Any) -> None:
        if value not in known_zones():
            raise ValidationError("Choose one of the time zones.")


class EmailAlone(InSchema):
    """An e-mail address alone."""

    email = Email(max=254, needed=True, required=True)


class Confirmation(InSchema):
    """The password, to show again who one is; where to go on, and what a form held that was refused before."""

    password = Password(load_default="")
    next = fields.String(load_default="/account")
    kept = fields.String(load_default="")


class SignIn(InSchema):
    """What one signs in with."""

    email = Line(max=254, needed=True, required=True)
    password = Password(required=True, validate=validate.Length(min=1, error="Fill this in."))


class NewPassword(InSchema):
    """A password to be set; `accounts.passwords.check_password` looks at how easy it is."""

    password = Password(
        required=True, validate=validate.Length(min=SHORTEST, error=f"Use at least {SHORTEST} characters.")
    )


class ChangedPassword(NewPassword):
    """A new password, and the current one to show that it is really the person."""

    current = Password(required=True, validate=validate.Length(min=1, error="Fill this in."))


class FirstAdmin(UserIn, NewPassword):
    """The first administrator says who they are."""


class Welcome(NameIn, NewPassword):
    """Who accepts an invitation says their name and sets a password."""


class TokenIn(InSchema):
    """An API token; `days` is how long it lives, empty for ever, `project` the one it reaches, empty for all."""

    purpose = Line(max=100, needed=True, required=True)
    scope = Choice(Scope, required=True)
    project = fields.String(load_default="")
    days = fields.String(
        load_default="90",
        validate=validate.OneOf(["7", "30", "90", "365", ""], error="Choose one of the times."),
    )


class SessionOut(Schema):
    """A session that has begun: the token that scripts send as X-CSRF-Token."""

    csrf = fields.String()


class MeOut(Schema):
    """Who asks."""

    id = fields.String(attribute="user_id")
    name = fields.String()
    email = fields.String()
    is_admin = fields.Boolean()
    via = fields.String(metadata={"description": "cookie or token"})
    scope = fields.String()
