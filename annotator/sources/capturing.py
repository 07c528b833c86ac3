"""Copies of a source: what comes in is kept, compared with the copy before, and noted, whatever came of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.articles.capturing import Input, capture, fetched_input, read_or_reason
from annotator.articles.incoming import fetched_page
from annotator.articles.ingest import Document
from annotator.articles.models import Method, Snapshot
from annotator.columns import new_id, now
from annotator.database import db, one_at_a_time
from annotator.errors import Invalid
from annotator.fetching import Fetched, FetchRefused
from annotator.journal.operations import record
from annotator.journal.tags import Action
from annotator.sources.models import Outcome, Source, SourceCheck

NO_ADDRESS = "This source has no address. Give it one, or bring in a copy as a file or as text."
NO_WORDS = "Paste the words of the copy."


@dataclass(frozen=True)
class Brought:
    """What was brought in, read already: a copy (with a document, or with why there is none), or no copy and why."""

    given: Input | None = None
    document: Document | None = None
    unread: str = ""
    fetched: Fetched | None = None
    outcome: Outcome | None = None
    detail: str = ""


def brought_text(words: str, media_type: str | None, language: str) -> Brought:
    """Read pasted text while no transaction is open; Invalid at `text` when there are no words in it."""
    given = Input(words.encode("utf-8", "replace"), media_type, Method.PASTE, charset="utf-8")
    found = brought_file(given, language)
    if found.document is None:
        raise Invalid({"text": [f"{found.unread} {NO_WORDS}"]})
    return found


def brought_file(given: Input, language: str) -> Brought:
    """Read a file while no transaction is open; WrongType when it is not what its name says."""
    db.rollback()
    document, unread = read_or_reason(given, language)
    return Brought(given, document, unread)


def brought_page(address: str, language: str) -> Brought:
    """Fetch and read what stands at an address now, while no transaction is open; TooMany when others are fetched.

    A page that is gone, or cannot be had, is an outcome, too.
    """
    if not address:
        raise Invalid({"fetch": [NO_ADDRESS]})
    try:
        page = fetched_page(address)
    except FetchRefused as error:
        gone = error.reason == "gone"
        return Brought(outcome=Outcome.GONE if gone else Outcome.FAILED, detail=str(error))
    given = fetched_input(page)
    document, unread = read_or_reason(given, language)
    return Brought(given, document, unread, page)


def keep(
    session: Session,
    source: Source,
    brought: Brought,
    *,
    actor: str,
    key: str = "",
    digest: str | None = None,
) -> SourceCheck:
    """Keep what was brought in as the source's next copy, if there is one, and what came of it."""
    check = SourceCheck(
        id=key or new_id(), project_id=source.project_id, source_id=source.id, at=now(), by_id=actor
    )
    if brought.given is None:
        check.outcome, check.detail = str(brought.outcome), brought.detail
        check.request_sha256 = digest
        session.add(check)
        session.flush()
        after = {"outcome": check.outcome, "detail": check.detail}
        record(session, Action.SOURCE_CHECKED, source, actor=actor, after=after)
        return check
    one_at_a_time(session, f"snapshots:{source.id}")
    before = _newest(session, source.id)
    snapshot = capture(
        session,
        source,
        brought.given,
        brought.document,
        actor=actor,
        key=check.id,
        digest=digest,
        unread=brought.unread,
        fetched=brought.fetched,
    )
    check.snapshot_id, check.outcome = snapshot.id, _outcome(before, snapshot).value
    session.add(check)
    session.flush()
    return check


def _newest(session: Session, source_id: str) -> Snapshot | None:
    """Give the newest copy that has text, else the newest one."""
    query = select(Snapshot).where(Snapshot.source_id == source_id)
    return session.scalars(
        query.order_by((Snapshot.length > 0).desc(), Snapshot.number.desc()).limit(1)
    ).first()


def _outcome(before: Snapshot | None, new: Snapshot) -> Outcome:
    if before is None:
        return Outcome.FIRST
    both_read = before.length > 0 and new.length > 0
    same = before.text_sha256 == new.text_sha256 if both_read else before.raw_sha256 == new.raw_sha256
    return Outcome.UNCHANGED if same else Outcome.CHANGED
