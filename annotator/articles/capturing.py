"""Capturing: the one path from bytes to a snapshot, for articles and for the copies of sources.

Reading happens in a child process and takes its time: call `read_input` while no transaction is open.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotator import sentences, text
from annotator.articles.ingest import Busy, Document, UnreadableInput, guess_media_type, read_safely
from annotator.articles.ingest import WrongType as OtherContent
from annotator.articles.models import Method, Snapshot
from annotator.articles.room import check_room
from annotator.columns import new_id, now
from annotator.database import one_at_a_time
from annotator.errors import Invalid, TooMany, WrongType
from annotator.fetched import Fetched
from annotator.journal.operations import record
from annotator.journal.tags import Action

LOOKED_AT = 20_000


@dataclass(frozen=True)
class Input:
    """What came in: bytes, their media type (None: to be guessed), how they came, and their file's name."""

    raw: bytes
    media_type: str | None
    method: Method
    filename: str | None = None
    charset: str | None = None

    def guessed(self) -> str:
        """Give the media type, guessed from name and content where none was given."""
        return self.media_type or guess_media_type(
            self.filename, self.raw[:LOOKED_AT].decode("utf-8", "replace")
        )


def fetched_input(page: Fetched) -> Input:
    """Give what a fetched page brought in."""
    return Input(page.body, page.media_type, Method.FETCH, charset=page.charset)


def read_input(given: Input, language: str) -> Document:
    """Read what came in; Invalid at `text`, with what to do, when no words can be had.

    Raises WrongType when the content is of another type than its name or its sender says, TooMany when the readers
    are busy.
    """
    try:
        return read_safely(given.raw, given.guessed(), given.charset, language=language)
    except OtherContent as error:
        raise WrongType(str(error)) from None
    except UnreadableInput as error:
        refuse_busy(error)
        raise Invalid({"text": [str(error)]}) from None


def refuse_busy(error: UnreadableInput) -> None:
    """Raise TooMany where nothing is wrong with the input but that the readers are busy."""
    if isinstance(error, Busy):
        raise TooMany(str(error), headers={"Retry-After": "5"}) from None


def read_or_reason(given: Input, language: str) -> tuple[Document | None, str]:
    """Read what came in and shall be kept whatever it is: the document, or None and why there is none.

    Raises WrongType for a file whose content is not what its name says, TooMany when the readers are busy.
    """
    try:
        return read_safely(given.raw, given.guessed(), given.charset, language=language), ""
    except UnreadableInput as error:
        if isinstance(error, OtherContent) and given.method is not Method.FETCH:
            raise WrongType(str(error)) from None
        refuse_busy(error)
        return None, error.happened


def capture(
    session: Session,
    owner: Any,
    given: Input,
    document: Document | None,
    *,
    actor: str,
    key: str = "",
    digest: str | None = None,
    unread: str = "",
    fetched: Fetched | None = None,
) -> Snapshot:
    """Keep what came in as the next snapshot of an article or a source, with its sentences cut by today's rule.

    Without a document the bytes are kept all the same, and `unread` says why there is no text. `fetched` is the page
    as it came, for a snapshot that was fetched. Raises TooLarge when the project has no room for it.
    """
    snapshot = Snapshot(
        id=key or new_id(),
        project_id=owner.project_id,
        captured_by_id=actor,
        method=given.method.value,
        url=fetched.url if fetched else owner.url,
        media_type=given.guessed(),
        filename=given.filename or "",
        raw=given.raw,
        raw_sha256=sha256(given.raw).hexdigest(),
        request_sha256=digest,
        unread=unread,
        **_number(session, owner),
        **_text(document, getattr(owner, "language", "")),
        **_way(fetched),
    )
    session.add(snapshot)
    session.flush()
    check_room(session, owner.project_id)
    after = {"number": snapshot.number, "method": snapshot.method, "text_sha256": snapshot.text_sha256}
    record(session, Action.SNAPSHOT_CAPTURED, snapshot, actor=actor, after=after)
    return snapshot


def _number(session: Session, owner: Any) -> dict[str, Any]:
    """Give the columns that say whose snapshot it is, and its number: two at once get two numbers."""
    one_at_a_time(session, f"snapshots:{owner.id}")
    name = f"{type(owner).__name__.lower()}_id"
    last = session.scalar(select(func.max(Snapshot.number)).where(getattr(Snapshot, name) == owner.id))
    return {name: owner.id, "number": (last or 0) + 1}


def _text(document: Document | None, language: str) -> dict[str, Any]:
    """Give the columns of the text, its blocks, marks and sentences."""
    words = document.text if document else ""
    blocks = document.blocks if document else ()
    spoken = language or (document.value("language") if document else None) or ""
    return {
        "text": words,
        "text_sha256": text.sha256(words),
        "length": len(words),
        "blocks": [block.as_json() for block in blocks],
        "marks": [mark.as_json() for mark in document.marks] if document else [],
        "sentences": [list(pair) for pair in sentences.sentences(words, blocks, spoken)] if words else [],
        "sentence_rule": sentences.VERSION,
        "note": ("\n".join(document.notes) if document else "") or None,
    }


def _way(fetched: Fetched | None) -> dict[str, Any]:
    """Give the columns that say how a fetched page came; nothing is known of what people bring."""
    if fetched is None:
        return {"captured_at": now()}
    return {
        "captured_at": fetched.at,
        "final_url": fetched.final_url,
        "status_code": fetched.status,
        "headers": [list(pair) for pair in fetched.headers],
        "redirects": list(fetched.redirects),
    }
