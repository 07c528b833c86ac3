"""The two ends of a link as a page shows them beside each other: the words in the sentence they stand in."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.annotations.operations import spans_of
from annotator.articles.models import Article, Snapshot
from annotator.articles.reading import latest
from annotator.links.models import Link
from annotator.protection import readable_id
from annotator.statements.models import Speaker, Statement

LONGEST = 1200  # code points of text around the marked words


class Piece(NamedTuple):
    """Words of a text, and whether they are those that count."""

    words: str
    marked: bool


class Near(NamedTuple):
    """The near end: an annotation in its sentence, its article, and who made the claim."""

    annotation: Annotation
    article: Article
    claimant: Speaker | None
    pieces: list[Piece]


class Copy(NamedTuple):
    """A snapshot in which a passage may lie."""

    id: str
    number: int
    captured_at: Any


def near_end(session: Session, annotation_id: str) -> Near:
    """Give the near end of a link, or a claim: the annotation in the sentences that its spans lie in."""
    annotation = session.get_one(Annotation, annotation_id)
    article = session.get_one(Article, annotation.article_id)
    claimant = session.get(Speaker, annotation.claimant_id) if annotation.claimant_id else None
    spans = [(span["start"], span["end"]) for span in spans_of(session, annotation.id)]
    snapshot = latest(session, article.id, Snapshot.id, Snapshot.text, Snapshot.sentences)
    return Near(annotation, article, claimant, in_sentences(snapshot.text, snapshot.sentences, spans))


def in_sentences(text: str, sentences: list[list[int]], spans: list[tuple[int, int]]) -> list[Piece]:
    """Cut the sentences that the spans (code points, half-open) lie in, with what is marked in them told apart.

    What lies between sentences far from each other is left out, and what goes beyond the longest stretch shown.
    """
    found: list[Piece] = []
    for begin, end, marked in _stretches(sentences, spans):
        if found:
            found.append(Piece(" … ", marked=False))
        place = begin
        for first, last in marked:
            found.append(Piece(text[place:first], marked=False))
            found.append(Piece(text[max(place, first) : last], marked=True))
            place = max(place, last)
        found.append(Piece(text[place:end], marked=False))
    return [piece for piece in found if piece.words]


def _stretches(
    sentences: list[list[int]], spans: list[tuple[int, int]]
) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Give stretches of whole sentences that do not touch, each with the spans in it."""
    found: list[tuple[int, int, list[tuple[int, int]]]] = []
    for start, end in sorted(spans):
        begin = max(_begin(sentences, start), start - LONGEST)
        until = min(_end(sentences, end), end + LONGEST)
        if found and begin <= found[-1][1]:
            before, last, marked = found.pop()
            found.append((before, max(last, until), [*marked, (start, end)]))
        else:
            found.append((begin, until, [(start, end)]))
    return found


def _begin(sentences: list[list[int]], place: int) -> int:
    return max((first for first, last in sentences if first <= place < last), default=place)


def _end(sentences: list[list[int]], place: int) -> int:
    return min((last for first, last in sentences if first < place <= last), default=place)


def copies(session: Session, link: Link) -> list[Copy]:
    """Give the snapshots of the far end in which a passage may lie, newest first; none that may not be seen."""
    columns = (Snapshot.id, Snapshot.number, Snapshot.captured_at)
    if link.target_id:
        article = select(Annotation.article_id).where(Annotation.id == link.target_id).scalar_subquery()
        owner = Snapshot.article_id == article
    else:
        said_in = select(Statement.source_id).where(Statement.id == link.statement_id).scalar_subquery()
        owner = Snapshot.source_id == (link.source_id or said_in)
    query = select(*columns).where(owner, Snapshot.length > 0, readable_id(Snapshot.source_id))
    return [Copy(*row) for row in session.execute(query.order_by(Snapshot.number.desc()))]
