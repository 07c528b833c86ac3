"""How people prove who they are: second factors, passkeys, devices, single sign-on, and steps between two requests."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, JsonType, OptionalTime, PublicId, Time, Words, one_of, user_key
from annotator.database import Model, Thing
from annotator.permissions import Role

OPEN = "accepted_at IS NULL AND revoked_at IS NULL"


class StepKind(StrEnum):
    """What a step is on the way to."""

    SECOND_FACTOR = "second_factor"  # the password was right; a second factor is still asked for
    PASSKEY = "passkey"  # signing in with a passkey: its challenge
    REGISTRATION = "registration"  # adding a passkey: its challenge
    CONFIRMATION = "confirmation"  # proving again who one is: a passkey's challenge
    OIDC = "oidc"  # gone to the provider: state, nonce, verifier


class SignInStep(Model):
    """What is between two requests of one sign-in, or of one ceremony; kept for ten minutes and used once."""

    __tablename__ = "sign_in_steps"
    __table_args__ = (one_of("kind", StepKind), Index(None, "expires_at"))

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(IdType)
    data: Mapped[Any] = mapped_column(JsonType, nullable=True)
    created_at: Mapped[Time]
    expires_at: Mapped[Time]
    used_at: Mapped[OptionalTime]


class TotpFactor(Model):
    """An authenticator app (RFC 6238); the secret is sealed with the site's key, `last_step` is the code used last."""

    __tablename__ = "totp_factors"
    __table_args__ = (CheckConstraint("last_step >= 0", name="last_step_not_negative"),)

    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Time]
    confirmed_at: Mapped[OptionalTime]


class RecoveryCode(Model):
    """A code for the day the phone is lost; kept as its hash, works once."""

    __tablename__ = "recovery_codes"

    id: Mapped[PublicId]
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[Time]
    used_at: Mapped[OptionalTime]


class Passkey(Model):
    """A passkey (Web Authentication, Level 3): the credential's id and public key, both as base64url."""

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_said"),
        CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),
    )

    id: Mapped[PublicId]
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int]
    name: Mapped[str]
    transports: Mapped[Any] = mapped_column(JsonType, nullable=False)
    backed_up: Mapped[bool]
    created_at: Mapped[Time]
    last_used_at: Mapped[OptionalTime]


class KnownDevice(Model):
    """A browser in which a person once signed in: tries from elsewhere never lock the person out here."""

    __tablename__ = "known_devices"

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    device: Mapped[str]
    created_at: Mapped[Time]
    last_used_at: Mapped[Time]


class EmailChange(Model):
    """A new e-mail address that waits for its link to be followed."""

    __tablename__ = "email_changes"

    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    email: Mapped[str]
    created_at: Mapped[Time]
    expires_at: Mapped[Time]
    used_at: Mapped[OptionalTime]


class ExternalIdentity(Model):
    """Who a person is at the provider of single sign-on: issuer and subject, never an e-mail address."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[PublicId]
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[Time]
    last_used_at: Mapped[OptionalTime]


class SitePolicy(Thing, Model):
    """The one row of rules for the whole site: which people must have a second factor (roles, or everybody)."""

    __tablename__ = "site_policies"

    key: Mapped[str] = mapped_column(default="site", unique=True)
    second_factor_for: Mapped[Any] = mapped_column(JsonType, nullable=False)


class Invitation(Thing, Model):
    """An invitation by e-mail; its link is kept as a hash. Open until it is accepted or revoked."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("length(email) > 0", name="email_said"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="accepted_or_revoked"),
        CheckConstraint("(accepted_at IS NULL) = (user_id IS NULL)", name="accepted_by_somebody"),
        Index(
            "ix_invitations_open",
            "email",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    email: Mapped[str]
    name: Mapped[Words]
    is_admin: Mapped[bool]
    locale: Mapped[str] = mapped_column(default="en")
    token_hash: Mapped[str] = mapped_column(unique=True)
    sent_at: Mapped[OptionalTime]
    expires_at: Mapped[Time]
    accepted_at: Mapped[OptionalTime]
    revoked_at: Mapped[OptionalTime]
    user_id: Mapped[str | None] = user_key(optional=True)


class InvitationRole(Model):
    """A role in a project that an invitation gives."""

    __tablename__ = "invitation_roles"
    __table_args__ = (one_of("role", Role),)

    invitation_id: Mapped[str] = mapped_column(IdType, ForeignKey("invitations.id"), primary_key=True)
    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"), primary_key=True)
    role: Mapped[str]
