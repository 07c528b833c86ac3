"""Earlier statements and annotations of like words, those of the same speaker first: what a claim may meet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.annotations.operations import spans_of
from annotator.links.indexing import live
from annotator.search.models import EntryKind, SearchEntry
from annotator.search.queries import search

KINDS = (EntryKind.STATEMENT.value, EntryKind.ANNOTATION.value)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement or an annotation that may say something about it."""

    key: str
    kind: str
    score: float
    same_speaker: bool


def suggest(
    session: Session,
    project: str,
    *,
    text: str,
    language: str | None,
    speaker: str | None = None,
    exclude: Collection[str] = (),
    limit: int = 10,
    kinds: Sequence[str] = KINDS,
) -> list[Suggestion]:
    """Give statements and annotations of the project that share the text's rarest words; the same speaker's first.

    `text` is a claim, or the words it stands on; what `exclude` names by id is left out, as is what was deleted.
    """
    where = and_(live(), SearchEntry.thing_id.not_in(exclude))
    found: dict[str, Suggestion] = {}
    for by in (speaker, None) if speaker else (None,):
        hits = search(
            session,
            project,
            text,
            kinds=kinds,
            language=language,
            speaker=by,
            limit=limit,
            match="any",
            where=where,
        )
        for hit in hits:
            found.setdefault(hit.key, Suggestion(hit.key, hit.kind, hit.score, by is not None))
    return list(found.values())[:limit]


def words_of(session: Session, annotation: Annotation) -> str:
    """Give the words to suggest by: the claim as it was written, else those the annotation stands on."""
    return annotation.claim_text or " ".join(span["exact"] for span in spans_of(session, annotation.id))
