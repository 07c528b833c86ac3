"""What forms about second factors and passkeys send."""

from typing import Any

from marshmallow import fields, validate

from annotator.fields import InSchema, Line

LONGEST = 20_000  # of what a browser gives for a passkey


class Answer(fields.String):
    """What a browser gives for a passkey, as JSON text; `passkeys` takes it apart."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what a String takes."""
        least = 1 if kwargs.get("required") else 0
        fits = validate.Length(min=least, max=LONGEST, error="This is no answer of a passkey.")
        super().__init__(validate=fits, **kwargs)


class CodeIn(InSchema):
    """A code from the app."""

    code = Line(max=20, needed=True, required=True)


class SecondFactorIn(InSchema):
    """One of the ways to answer after the first proof; the passkey's comes from its script."""

    code = Line(max=20, load_default="")
    recovery = Line(max=60, load_default="")
    step = Line(max=100, load_default="")
    passkey = Answer(load_default="")


class PasskeyIn(InSchema):
    """A passkey's answer and the step it belongs to."""

    step = Line(max=100, needed=True, required=True)
    passkey = Answer(required=True)


class PasskeyName(InSchema):
    """What a person calls a passkey."""

    name = Line(max=60, needed=True, required=True)


class NewPasskey(PasskeyIn, PasskeyName):
    """A new passkey and its name."""


class ConfirmingPasskey(PasskeyIn):
    """A passkey's answer to confirm who one is; where to go on, and what a form held that was refused before."""

    next = fields.String(load_default="/account")
    kept = fields.String(load_default="")
