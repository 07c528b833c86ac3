"""Projects and memberships."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from annotator.columns import IdType, OptionalTime, Time, Words, one_of, user_key
from annotator.database import Model, Thing
from annotator.permissions import Role


class Project(Thing, Model):
    """A desk's workspace: members, policy, rating scale."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_said"),
        CheckConstraint("length(slug) > 0", name="slug_said"),
        CheckConstraint("approvals_needed >= 1", name="approvals_needed_positive"),
        CheckConstraint("independent_sources_needed >= 0", name="independent_sources_needed_not_negative"),
    )

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[Words]
    rating_scale: Mapped[Words]
    language: Mapped[str] = mapped_column(default="en")
    approvals_needed: Mapped[int] = mapped_column(default=1)
    independent_sources_needed: Mapped[int] = mapped_column(default=0)
    primary_required: Mapped[bool] = mapped_column(default=False)
    archived_copy_required: Mapped[bool] = mapped_column(default=False)
    locator_required: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[OptionalTime]
    request_sha256: Mapped[str | None]


class Membership(Model):
    """A person in a project."""

    __tablename__ = "memberships"
    __table_args__ = (one_of("role", Role),)

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(IdType, ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str]
    created_at: Mapped[Time]
    created_by_id: Mapped[str | None] = user_key(optional=True)
