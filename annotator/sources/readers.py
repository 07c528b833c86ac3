"""Who may read a protected source: named people, and nobody else (docs/adr/0013)."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from annotator.columns import now
from annotator.database import Model, db
from annotator.errors import Invalid, NotAllowed
from annotator.identity import acting
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.permissions import Permission, load
from annotator.protection import PROTECTED
from annotator.sources.models import Source, SourceReader

STRANGER = "This source is protected. Only its named readers can change it."
NOT_PROTECTED = "Only a protected source has readers. Make it protected first."
NO_MEMBER = "Only members of the project can be readers."
NOBODY_LEFT = "At least one active member of the project must remain a reader."


def readers_of(session: Session, source_id: str) -> list[str]:
    """Give the ids of the people who may read the source."""
    query = select(SourceReader.user_id).where(SourceReader.source_id == source_id)
    return list(session.scalars(query.order_by(SourceReader.user_id)))


def may_read(session: Session, source: Source, actor: str) -> bool:
    """Tell whether the person may read the source, being a member of its project."""
    return source.confidentiality != PROTECTED or actor in readers_of(session, source.id)


def refuse_strangers(session: Session, source: Source, actor: str) -> None:
    """Raise NotAllowed unless the person may read the source."""
    if not may_read(session, source, actor):
        raise NotAllowed(STRANGER)


def reach(source_id: str) -> Source:
    """Load a source for whoever asks to add a copy: NotFound, NotAllowed as `load`, and NotAllowed to strangers."""
    identity = acting()
    source: Source = load(Source, source_id, identity, Permission.CONTENT_ADD)
    refuse_strangers(db.session, source, identity.user_id)
    return source


def settle_readers(session: Session, source: Source, wanted: list[str] | None, *, actor: str) -> bool:
    """Make the readers those who are wanted (None: as they are); tell whether any of them changed.

    Whoever makes a source protected becomes a reader; one that is not protected has none. Invalid at `readers` for
    people who are no members, and when no active member would be left.
    """
    before = set(readers_of(session, source.id))
    if source.confidentiality != PROTECTED:
        if wanted:
            raise Invalid({"readers": [NOT_PROTECTED]})
        after: set[str] = set()
    else:
        after = before if wanted is None else set(wanted)
        after = after if before else after | {actor}
        _check(session, source, before, after)
    _set(session, source, before, after, actor=actor)
    return before != after


def _check(session: Session, source: Source, before: set[str], after: set[str]) -> None:
    memberships, users = (Model.metadata.tables[name] for name in ("memberships", "users"))
    rows = session.execute(
        select(users.c.id, users.c.active)
        .join(memberships, memberships.c.user_id == users.c.id)
        .where(memberships.c.project_id == source.project_id)
    )
    members = {row.id: row.active for row in rows}
    if after - before - set(members):
        raise Invalid({"readers": [NO_MEMBER]})
    if not any(members.get(key) for key in after):
        raise Invalid({"readers": [NOBODY_LEFT]})


def _set(
    session: Session, source: Source, before: Iterable[str], after: Iterable[str], *, actor: str | None
) -> None:
    gone, new = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    if gone:
        mine = SourceReader.source_id == source.id
        session.execute(delete(SourceReader).where(mine, SourceReader.user_id.in_(gone)))
    if new:
        session.execute(insert(SourceReader), [{"source_id": source.id, "user_id": key} for key in new])
    for action, people in ((Action.READER_REMOVED, gone), (Action.READER_ADDED, new)):
        for key in people:
            record(session, action, source, actor=actor, after={"reader": key})


def name_reader(session: Session, source: Source, user_id: str, *, actor: str | None) -> bool:
    """Name one more reader, for recovery from the command line; tell whether they were none before.

    Raises Invalid when the source is not protected or the person is no member of its project.
    """
    if source.confidentiality != PROTECTED:
        raise Invalid({"readers": [NOT_PROTECTED]})
    before = set(readers_of(session, source.id))
    after = before | {user_id}
    _check(session, source, before, after)
    _set(session, source, before, after, actor=actor)
    if before != after:
        source.stamp(actor, now())
        session.flush()
    return before != after
