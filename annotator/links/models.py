"""Links."""

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    exists,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from annotator.annotations.models import Annotation
from annotator.columns import IdType, OptionalTime, OptionalWords, Words, one_of, user_key
from annotator.database import Model, Thing
from annotator.statements.models import LocatorKind


class Relation(StrEnum):
    """What the far end does to the near end."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    CONTEXT = "context"
    SAME_CLAIM = "same_claim"
    SUPERSEDES = "supersedes"
    QUOTES = "quotes"
    CORRECTS = "corrects"


class ContradictionKind(StrEnum):
    """How two ends contradict each other."""

    DIRECT_NEGATION = "direct_negation"
    REVERSAL_OVER_TIME = "reversal_over_time"
    NUMERIC = "numeric"
    SCOPE = "scope"
    ATTRIBUTION = "attribution"
    OMISSION = "omission"
    PROMISE_BROKEN = "promise_broken"


class Acknowledged(StrEnum):
    """Whether the speaker owns up to the change."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Consistency(StrEnum):
    """How far a speaker's position moved; no judgement of value."""

    NO_FLIP = "no_flip"
    HALF_FLIP = "half_flip"
    FULL_FLOP = "full_flop"
    NOT_APPLICABLE = "not_applicable"


class ContradictionState(StrEnum):
    """What a second person says of a contradiction."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def _only_for_contradictions(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IS NULL OR relation = 'contradicts'", name=f"{column}_of_contradiction")


class Link(Thing, Model):
    """Evidence: an annotation at the near end; a source, a statement or another annotation at the far end.

    The passage, when given, is a place in a snapshot: offsets and words, like a span. A link to a source with
    neither words nor locator is a draft. A contradiction stands as proposed until a second person decides it.
    """

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        Index(None, "annotation_id", "deleted_at"),
        Index(None, "source_id"),
        Index(None, "statement_id"),
        Index(None, "target_id"),
        Index(None, "passage_snapshot_id"),
        Index(None, "project_id"),
        ForeignKeyConstraint(["project_id", "annotation_id"], ["annotations.project_id", "annotations.id"]),
        ForeignKeyConstraint(["project_id", "source_id"], ["sources.project_id", "sources.id"]),
        ForeignKeyConstraint(["project_id", "statement_id"], ["statements.project_id", "statements.id"]),
        ForeignKeyConstraint(["project_id", "target_id"], ["annotations.project_id", "annotations.id"]),
        ForeignKeyConstraint(["project_id", "passage_snapshot_id"], ["snapshots.project_id", "snapshots.id"]),
        CheckConstraint(
            "(CASE WHEN source_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN target_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_far_end",
        ),
        CheckConstraint("target_id <> annotation_id", name="not_to_itself"),
        CheckConstraint(
            "(passage_snapshot_id IS NULL) = (passage_start IS NULL) AND"
            " (passage_snapshot_id IS NULL) = (passage_end IS NULL) AND"
            " (passage_snapshot_id IS NULL) = (passage_exact IS NULL)",
            name="passage_whole",
        ),
        CheckConstraint("0 <= passage_start AND passage_start < passage_end", name="passage_in_order"),
        one_of("relation", Relation),
        one_of("locator_kind", LocatorKind),
        one_of("contradiction_kind", ContradictionKind),
        one_of("acknowledged", Acknowledged),
        one_of("consistency", Consistency),
        _only_for_contradictions("contradiction_kind"),
        _only_for_contradictions("acknowledged"),
        _only_for_contradictions("consistency"),
        CheckConstraint(
            "draft OR source_id IS NULL OR passage_snapshot_id IS NOT NULL OR length(locator) > 0",
            name="words_or_locator_or_draft",
        ),
        one_of("contradiction_state", ContradictionState),
        CheckConstraint(
            "(relation = 'contradicts') = (contradiction_state IS NOT NULL)", name="contradiction_has_state"
        ),
        CheckConstraint(
            "(contradiction_state IS NULL) = (proposed_by_id IS NULL)", name="contradiction_has_proposer"
        ),
        CheckConstraint(
            "(COALESCE(contradiction_state, 'proposed') <> 'proposed') = (decided_by_id IS NOT NULL)"
            " AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("decided_by_id <> proposed_by_id", name="decided_by_a_second_person"),
        CheckConstraint(
            "COALESCE(contradiction_state, '') <> 'rejected' OR length(decision_reason) > 0",
            name="rejection_has_reason",
        ),
        CheckConstraint("explanation = '' OR relation = 'contradicts'", name="explanation_of_contradiction"),
    )

    project_id: Mapped[str] = mapped_column(IdType, ForeignKey("projects.id"))
    annotation_id: Mapped[str] = mapped_column(IdType)
    source_id: Mapped[str | None] = mapped_column(IdType)
    statement_id: Mapped[str | None] = mapped_column(IdType)
    target_id: Mapped[str | None] = mapped_column(IdType)
    relation: Mapped[str]
    passage_snapshot_id: Mapped[str | None] = mapped_column(IdType)
    passage_start: Mapped[int | None]
    passage_end: Mapped[int | None]
    passage_exact: Mapped[OptionalWords]
    passage_prefix: Mapped[OptionalWords]
    passage_suffix: Mapped[OptionalWords]
    locator_kind: Mapped[str | None]
    locator: Mapped[Words]
    group: Mapped[Words] = mapped_column("evidence_group")
    assumption: Mapped[Words]
    note: Mapped[Words]
    contradiction_kind: Mapped[str | None]
    acknowledged: Mapped[str | None]
    consistency: Mapped[str | None]
    explanation: Mapped[Words]
    contradiction_state: Mapped[str | None]
    proposed_by_id: Mapped[str | None] = user_key(optional=True)
    decided_by_id: Mapped[str | None] = user_key(optional=True)
    decided_at: Mapped[OptionalTime]
    decision_reason: Mapped[Words]
    draft: Mapped[bool] = mapped_column(default=False, server_default=false())
    deleted_at: Mapped[OptionalTime]
    deleted_by_id: Mapped[str | None] = user_key(optional=True)
    request_sha256: Mapped[str | None]

    @classmethod
    def live(cls, *, deleted: bool = False) -> ColumnElement[bool]:
        """Give the condition that neither it nor its near end is deleted; with `deleted`, that the near end is not."""
        near = exists().where(Annotation.id == cls.annotation_id, Annotation.live()).correlate(cls)
        return near if deleted else and_(cls.deleted_at.is_(None), near)
