"""Do we have this already? Speakers and statements that are like what somebody is typing, and in what."""

from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from annotator.fields import ID
from annotator.reading import like
from annotator.search.queries import search
from annotator.statements.models import Speaker, Statement
from annotator.statements.queries import unmerged
from annotator.text import fold

ALIKE = 90  # of 100: a few letters of a sentence may differ
MOST = 5
CANDIDATES = 40
MOST_SPEAKERS = 500
MOST_COMPARED = 2_000
SHORTEST = 3
SHORTEST_PART = 5  # letters: shorter names stand inside too many others
LIKELY = 80
REASONS = ("same words", "same name", "other name", "similar words", "similar name", "same speaker and day")
SURE = frozenset(REASONS[:-1])


def plain(words: str) -> str:
    """Give words as they are compared: folded, with single spaces, without the quotation marks around them."""
    return " ".join(fold(words).split()).strip("\"' .")


def speakers_like(session: Session, project_id: str, name: str, *, but: str = "") -> list[dict[str, Any]]:
    """Give at most five speakers of the project whose name, or another name of theirs, is like this one."""
    wanted = plain(name)
    if len(wanted) < SHORTEST:
        return []
    longest = sorted(wanted.split(), key=len)[-3:]
    contained = [Speaker.folded.like(like(word), escape="\\") for word in (wanted, *longest)]
    query = select(Speaker.id, Speaker.name, Speaker.also_known_as).where(
        unmerged(project_id), or_(*contained)
    )
    found = []
    for row in session.execute(query.order_by(contained[0].desc(), Speaker.id).limit(MOST_SPEAKERS)):
        reason = _name_reason(wanted, row.name, row.also_known_as)
        if reason and row.id != but:
            item = {"id": row.id, "name": row.name, "url": f"/speakers/{row.id}/", "reason": reason}
            found.append(item)
    return _best(found)


def _name_reason(wanted: str, name: str, others: list[str]) -> str:
    if plain(name) == wanted:
        return "same name"
    if wanted in map(plain, others):
        return "other name"
    return "similar name" if fuzz.ratio(plain(name), wanted) >= ALIKE else ""


def by_likeness(
    session: Session, speaker: Speaker, condition: ColumnElement[bool], *, most: int
) -> list[tuple[str, bool]]:
    """Give the ids of at most `most` speakers that fit, the most alike first; each with whether it may be the same.

    Names are compared in every pair of both speakers' names, whatever the order of their words.
    """
    mine = [plain(name) for name in (speaker.name, *speaker.also_known_as)]
    query = select(Speaker.id, Speaker.name, Speaker.also_known_as).where(condition)
    scored = []
    for row in session.execute(query.order_by(Speaker.name, Speaker.id).limit(MOST_COMPARED)):
        theirs = [plain(name) for name in (row.name, *row.also_known_as)]
        scored.append((max(_likeness(one, other) for one in mine for other in theirs), row.id))
    scored.sort(key=lambda pair: -pair[0])
    return [(key, score >= LIKELY) for score, key in scored[:most]]


def _likeness(one: str, other: str) -> float:
    """Score two plain names from 0 to 100; a name that is part of the other counts for less than a whole one."""
    part = 0.9 * fuzz.partial_ratio(one, other) if min(len(one), len(other)) >= SHORTEST_PART else 0.0
    return max(fuzz.token_sort_ratio(one, other), part)


def speaker_of(session: Session, project_id: str, given: str) -> str | None:
    """Give the id of the one speaker of the project that an id or a name means; None for none or several."""
    if ID.fullmatch(given):
        return session.scalar(select(Speaker.id).where(unmerged(project_id), Speaker.id == given))
    alike = speakers_like(session, project_id, given)
    for reason in ("same name", "other name"):
        found = [row["id"] for row in alike if row["reason"] == reason]
        if found:
            return str(found[0]) if len(found) == 1 else None
    return None


def statements_like(
    session: Session, project_id: str, *, speaker: str = "", quote: str = "", said_on: str = "", but: str = ""
) -> list[dict[str, Any]]:
    """Give at most five live statements with the same or similar words, or by the same speaker on the same day."""
    who = speaker_of(session, project_id, speaker) if speaker else None
    wanted = plain(quote)
    conditions: list[ColumnElement[bool]] = []
    if len(wanted) >= SHORTEST:
        found = search(session, project_id, quote, kinds=("statement",), match="any", limit=CANDIDATES)
        conditions.append(Statement.id.in_([hit.key for hit in found]))
    if who and len(wanted) >= SHORTEST:
        begun = Statement.folded.like(like(wanted.partition("\n")[0][:60]), escape="\\")
        conditions.append((Statement.speaker_id == who) & begun)
    if who and len(said_on) == len("2022-10-04"):
        conditions.append((Statement.speaker_id == who) & (Statement.said_on == said_on))
    return _matches(session, project_id, conditions, who, wanted, said_on, but) if conditions else []


def _matches(
    session: Session,
    project_id: str,
    conditions: list[ColumnElement[bool]],
    who: str | None,
    wanted: str,
    said_on: str,
    but: str,
) -> list[dict[str, Any]]:
    query = (
        select(Statement.id, Statement.quote, Statement.said_on, Statement.speaker_id, Speaker.name)
        .join(Speaker, Speaker.id == Statement.speaker_id)
        .where(Statement.project_id == project_id, Statement.live(), or_(*conditions))
        .limit(4 * CANDIDATES)
    )
    found = []
    for row in session.execute(query):
        reason = _words_reason(wanted, row.quote, same_speaker=who in (None, row.speaker_id))
        if not reason and row.speaker_id == who and row.said_on == said_on:
            reason = "same speaker and day"
        if reason and row.id != but:
            said_by = {"id": row.speaker_id, "name": row.name}
            found.append(
                {
                    "id": row.id,
                    "speaker": said_by,
                    "quote": row.quote,
                    "said_on": row.said_on,
                    "url": f"/statements/{row.id}/",
                    "reason": reason,
                }
            )
    return _best(found)


def _words_reason(wanted: str, quote: str, *, same_speaker: bool) -> str:
    """Say how the words are alike; similar words count of the same speaker alone: others may well agree."""
    if len(wanted) < SHORTEST:
        return ""
    other = plain(quote)
    if other == wanted:
        return "same words"
    return "similar words" if same_speaker and fuzz.ratio(other, wanted) >= ALIKE else ""


def _best(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda item: REASONS.index(item["reason"]))[:MOST]
