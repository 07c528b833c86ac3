"""What a speaker claimed and said, with what supports and contradicts it, as points on one axis of time."""

from textwrap import shorten
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from annotator.annotations.models import Annotation
from annotator.links import appearances, claims, queries, reading
from annotator.links.models import Link
from annotator.paging import count
from annotator.reading import dialect_of
from annotator.statements.models import Speaker, Statement
from annotator.wording import relation_words

MOST = 500
SHOWN = 80
Json = dict[str, Any]


def of_speaker(session: Session, speaker: Speaker) -> tuple[list[Json], int]:
    """Give the points of the newest links that have the speaker at an end, and how many links were left out.

    A claim stands on the line; what supports it stands above, what contradicts it below.
    """
    mine = Link.id.in_(_keys(speaker)) & Link.live()
    newest = (Link.created_at.desc(), Link.id.desc())
    query = queries.links(dialect_of(session)).where(mine).order_by(*newest).limit(MOST)
    links = [reading.masked(link) for link in reading.unmasked(session, query, {})]
    near = _claims(session, list(dict.fromkeys(link["annotation"] for link in links)))
    words = {point["key"]: point["label"] for point in near}
    sides = claims.sides(links)
    about = {link["id"]: link for link in links}
    for point in sides:
        link = about[point["key"]]
        claimed = shorten(words.get(link["annotation"], ""), SHOWN, placeholder=" …")
        point["note"] = f"{relation_words(link['relation'])} “{claimed}”"
    return near + sides, count(session, select(Link.id).where(mine)) - len(links)


def _keys(speaker: Speaker) -> Any:
    """Give the Select of the links whose near end or target the speaker claims, or whose statement they made."""
    of_project = Annotation.project_id == speaker.project_id
    claimed = select(Annotation.id).where(of_project, Annotation.claimant_id == speaker.id)
    said = select(Statement.id).where(Statement.speaker_id == speaker.id)
    return union(
        select(Link.id).where(Link.annotation_id.in_(claimed)),
        select(Link.id).where(Link.target_id.in_(claimed)),
        select(Link.id).where(Link.statement_id.in_(said)),
    )


def _claims(session: Session, keys: list[str]) -> list[Json]:
    return [
        {
            "key": one["id"],
            "on": one["date"],
            "label": one["words"],
            "lane": "line",
            "tone": "submitted",
            "href": f"/annotations/{one['id']}/",
            "note": " · ".join(
                part
                for part in (one["claimant"] and one["claimant"]["name"], one["article"]["title"])
                if part
            ),
        }
        for one in appearances.listed(session, keys)
    ]
