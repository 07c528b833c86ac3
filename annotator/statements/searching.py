"""Speakers and statements as search sees them; a statement is found by its speaker's names too."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from annotator.reading import grouped
from annotator.search.operations import Entry
from annotator.statements.models import Speaker, Statement, StatementTag

WORDS = (Statement.quote, Statement.translation, Statement.role, Statement.occasion)


def speaker_entries(session: Session, condition: ColumnElement[bool]) -> Iterator[Entry]:
    """Give the speakers that fit, without those merged into another."""
    columns = (Speaker.id, Speaker.project_id, Speaker.name, Speaker.also_known_as, Speaker.description)
    query = select(*columns).where(condition, Speaker.merged_into_id.is_(None)).order_by(Speaker.created_at)
    for key, project, name, others, description in session.execute(query):
        yield Entry(key, project, (name, *others, description))


def statement_entries(session: Session, condition: ColumnElement[bool]) -> Iterator[Entry]:
    """Give the statements that fit."""
    named = select(StatementTag.statement_id, StatementTag.tag).join(Statement).where(condition)
    tags = grouped(session.execute(named))
    about: tuple[Any, ...] = (Statement.id, Statement.project_id, Statement.language)
    who: tuple[Any, ...] = (Speaker.id, Statement.said_earliest, Speaker.name, Speaker.also_known_as)
    query = select(*about, *who, *WORDS).join(Speaker, Speaker.id == Statement.speaker_id)
    rows = session.execute(query.where(condition, Statement.live()).order_by(Statement.created_at))
    for key, project, language, speaker, day, name, others, *words in rows:
        found = (*words, *tags.get(key, ()), name, *others)
        yield Entry(key, project, found, language=language, speaker=speaker, day=day)


def said_by(session: Session, speaker: str) -> dict[str, Iterable[str]]:
    """Give the statements that show a speaker's names."""
    return {"statement": session.scalars(select(Statement.id).where(Statement.speaker_id == speaker)).all()}
