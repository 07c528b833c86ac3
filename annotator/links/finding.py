"""What the palette finds while somebody types: sources, speakers, statements and annotations of the project."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.links.found import READING, newest
from annotator.links.indexing import live
from annotator.links.suggesting import suggest, words_of
from annotator.protection import readable
from annotator.search.models import SearchEntry
from annotator.search.queries import Hit, search
from annotator.sources.models import Source

SHARE = 8  # of each kind, so that no kind pushes the others out
ORDER = ("source", "statement", "annotation", "speaker")
ADDRESS = ("http://", "https://", "www.")
Result = dict[str, Any]


def find(
    session: Session,
    project_id: str,
    words: str,
    *,
    article: str | None = None,
    limit: int = 20,
    speaker: str | None = None,
    annotation: str | None = None,
) -> list[Result]:
    """Give at most `limit` things that fit all words, the last perhaps only begun, else such as share some of them.

    Within each kind, what `speaker` said stands first, then what lies in `article`, then the newest; a source whose
    address was typed stands before all. Without words: what fits `annotation` (an id of the project), whose claimant
    is then the speaker, else the newest of each kind.
    """
    near = _near(session, project_id, annotation)
    speaker = speaker or (near.claimant_id if near is not None else None)
    asking = Asking(session, project_id, article, speaker, annotation)
    if words.strip():
        chosen = asking.of_words(words)
    elif near is not None:
        return asking.like(near, limit)
    else:
        chosen = {kind: newest(session, project_id, kind, SHARE, article) for kind in ORDER}
    kept = _shared(chosen, limit)
    return [result for kind in ORDER for result in asking.read(kind, kept[kind])]


def _near(session: Session, project_id: str, key: str | None) -> Annotation | None:
    if key is None:
        return None
    mine = (Annotation.id == key) & (Annotation.project_id == project_id)
    return session.scalar(select(Annotation).where(mine, Annotation.live()))


def _shared(chosen: dict[str, list[str]], limit: int) -> dict[str, list[str]]:
    """Cut the longest lists until all together are at most `limit`."""
    kept = {kind: chosen[kind][: min(SHARE, limit)] for kind in ORDER}
    while sum(map(len, kept.values())) > limit:
        max(kept.values(), key=len).pop()
    return kept


@dataclass(frozen=True)
class Asking:
    """Who asks from where: an article is open, a claim with its speaker is being linked."""

    session: Session
    project: str
    article: str | None
    speaker: str | None
    annotation: str | None

    def of_words(self, words: str) -> dict[str, list[str]]:
        """Give ids by kind: what fits all words; where nothing does, what shares some."""
        found = {kind: self._all(kind, words) for kind in ORDER}
        found["source"] = list(dict.fromkeys([*self._addressed(words), *found["source"]]))
        if any(found.values()):
            return found
        some = defaultdict(list)
        for by in (self.speaker, None) if self.speaker else (None,):
            for hit in search(self.session, self.project, words, speaker=by, match="any", where=self._fit()):
                some[hit.kind].append(hit.key)
        return {kind: list(dict.fromkeys(some[kind])) for kind in ORDER}

    def _all(self, kind: str, words: str) -> list[str]:
        """Give what fits all words: of the speaker, then of the open article, then the newest."""
        ask: Callable[..., list[Hit]] = search
        rest = {"kinds": (kind,), "limit": SHARE, "prefix": True, "where": self._fit()}
        narrowed: list[dict[str, Any]] = [{}]
        if kind == "annotation" and self.article:
            narrowed.insert(0, {"within": self.article})
        if kind in ("statement", "annotation") and self.speaker:
            narrowed.insert(0, {"speaker": self.speaker})
        found: dict[str, None] = {}
        for narrower in narrowed:
            hits = ask(self.session, self.project, words, **rest, **narrower)
            found.update(dict.fromkeys(hit.key for hit in hits))
        return list(found)

    def _fit(self) -> ColumnElement[bool]:
        return and_(live(), SearchEntry.thing_id != self.annotation) if self.annotation else live()

    def _addressed(self, words: str) -> Sequence[str]:
        """Give the sources that stand at the address typed, if it is one."""
        address = words.strip()
        if not address.lower().startswith(ADDRESS):
            return []
        here = (Source.project_id == self.project) & (Source.url == address)
        return self.session.scalars(
            select(Source.id).where(here, Source.live(), readable(Source)).limit(SHARE)
        ).all()

    def like(self, near: Annotation, limit: int) -> list[Result]:
        """Give what was said before in like words, in the order of suggestions."""
        text = words_of(self.session, near)
        hits = suggest(
            self.session,
            self.project,
            text=text,
            language=None,
            speaker=self.speaker,
            exclude=(near.id,),
            limit=limit,
        )
        read = {
            kind: {
                result["id"]: result for result in self.read(kind, [h.key for h in hits if h.kind == kind])
            }
            for kind in ("statement", "annotation")
        }
        return [read[hit.kind][hit.key] for hit in hits if hit.key in read[hit.kind]]

    def read(self, kind: str, keys: Sequence[str]) -> list[Result]:
        """Give things as the palette shows them, in the order of their ids; those gone meanwhile are left out."""
        if not keys:
            return []
        rows = {result["id"]: result for result in READING[kind](self.session, keys)}
        results = [rows[key] for key in keys if key in rows]
        for result in results:
            said_by = result["speaker"]
            known = self.speaker is not None and said_by is not None
            result["same_speaker"] = said_by["id"] == self.speaker if known else None
        return results
