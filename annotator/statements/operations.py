"""Verbs on statements and speakers: add, change, delete, restore. Merging speakers: `merging`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.columns import now
from annotator.errors import WrongState
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.sources import library
from annotator.statements import queries
from annotator.statements.ends import check_validity, checked_ends, checked_place, held_source, named_links
from annotator.statements.kind import SPEAKER, STATEMENT
from annotator.statements.models import Speaker, Statement


def add_speaker(
    session: Session, data: Mapping[str, Any], *, project: str, actor: str, **made: Any
) -> Speaker:
    """Add a speaker with fields checked by SpeakerIn; `made` takes the `key` and `digest` of an API request."""
    speaker: Speaker = library.add(session, SPEAKER, data, project=project, actor=actor, **made)
    return speaker


def change_speaker(session: Session, speaker: Speaker, data: Mapping[str, Any], *, actor: str) -> Speaker:
    """Change the given fields (checked by SpeakerChange)."""
    changed: Speaker = library.change(session, SPEAKER, speaker, data, actor=actor)
    return changed


def add_statement(
    session: Session, data: Mapping[str, Any], *, project: str, actor: str, **made: Any
) -> Statement:
    """Add a statement with fields checked by StatementIn; a merged speaker's becomes that of the kept one.

    Raises Invalid when the speaker or the source is none of this project's, and at `valid_until` when it would end
    before it begins.
    """
    checked = checked_ends(session, data, project)
    check_validity(checked)
    statement: Statement = library.add(session, STATEMENT, checked, project=project, actor=actor, **made)
    return statement


def change_statement(
    session: Session, statement: Statement, data: Mapping[str, Any], *, actor: str
) -> Statement:
    """Change the given fields (checked by StatementChange); raises as `add_statement` does.

    With another source the place in the old one goes, unless a new one is given. NotAllowed where `actor` may not read
    the present source and touches it or the place in it, WrongState while a link, deleted or not, has its words in a
    copy of it.
    """
    session.execute(select(Statement.id).where(Statement.id == statement.id).with_for_update())
    placed = checked_place(session, statement, data, actor=actor)
    checked = checked_ends(session, placed, statement.project_id, now=statement.source_id)
    if not {"valid_from", "valid_until"}.isdisjoint(checked):
        valid = {"valid_from": statement.valid_from_on, "valid_until": statement.valid_until_on}
        check_validity({**valid, **checked})
    changed: Statement = library.change(session, STATEMENT, statement, checked, actor=actor)
    return changed


def delete_statement(session: Session, statement: Statement, *, actor: str) -> None:
    """Delete a statement softly; WrongState, saying where, while a live link uses it."""
    session.execute(select(Statement.id).where(Statement.id == statement.id).with_for_update())
    rows = session.execute(queries.uses_of([statement.id])).all()
    if rows:
        one = len(rows) == 1
        raise WrongState(
            f"{named_links(rows)} still {'uses' if one else 'use'} this statement. Delete those first.",
            links=[row.id for row in rows],
        )
    statement.deleted_at, statement.deleted_by_id = now(), actor
    statement.stamp(actor, statement.deleted_at)
    session.flush()
    record(session, Action.STATEMENT_DELETED, statement, actor=actor)


def restore_statement(session: Session, statement: Statement, *, actor: str) -> None:
    """Bring a deleted statement back; WrongState when it is not deleted, or its source is."""
    if statement.deleted_at is None:
        raise WrongState("This statement is not deleted.")
    if statement.source_id and not held_source(session, statement.source_id, statement.project_id):
        raise WrongState("The source of this statement is deleted. Bring the source back first.")
    statement.deleted_at = statement.deleted_by_id = None
    statement.stamp(actor, now())
    session.flush()
    record(session, Action.STATEMENT_RESTORED, statement, actor=actor)
