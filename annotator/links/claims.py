"""A claim with all that is known of it: evidence, what that lacks, appearances, points in time, suggestions."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from annotator.annotations import reading as annotations
from annotator.annotations.models import Annotation
from annotator.articles.models import Article
from annotator.links import demands, queries, reading
from annotator.links.appearances import appearances, listed
from annotator.links.comparison import compare
from annotator.links.finding import find
from annotator.links.models import Link
from annotator.links.places import check_far
from annotator.reading import dialect_of, rows_of
from annotator.sources.models import Source
from annotator.statements.models import Statement
from annotator.wording import relation_words

LANES = {"supports": "above", "contradicts": "below"}
TONES = {"supports": "supported", "contradicts": "refuted", "qualifies": "conflicting"}
Json = dict[str, Any]


def claim(session: Session, annotation_id: str) -> Json:
    """Give everything of a claim's page (ClaimOut), live links only."""
    both = reading.unmasked(session, queries.links_at(dialect_of(session)), {"id": annotation_id})
    unmasked = [link for link in both if link["annotation"] == annotation_id]
    evidence = [reading.masked(link) for link in unmasked]
    around = {**annotations.parts(session, [annotation_id]), "links": {annotation_id: evidence}}
    annotation = annotations.one(session, annotation_id, around)
    article = _article(session, annotation["article"])
    asked = reading.policy(session, annotation["project"])
    have = demands.independent(unmasked, asked)
    others = [reading.masked(link) for link in both if link["annotation"] != annotation_id]
    coming = _incoming(session, annotation, article.published_on, others)
    found = {
        "id": annotation_id,
        "article": {"id": article.id, "title": article.title},
        "words": " … ".join(span["exact"] for span in annotation["spans"]),
        "claim_text": annotation["claim_text"],
        "claimant": annotation["claimant"],
        "date": annotation["claimed_on"] or article.published_on,
        "evidence": evidence,
        "incoming": coming,
        "contradictions": _disputes([*evidence, *(one["link"] for one in coming)]),
        "groups": groups(evidence),
        "missing": demands.of_claim(unmasked, asked),
        "independent": have._asdict(),
        "appearances": appearances(session, annotation_id),
    }
    return {**found, "timeline": points(found)}


def _incoming(session: Session, annotation: Json, published_on: str | None, links: list[Json]) -> list[Json]:
    """Give the links of other annotations that end at this one, each with its near end and the sentence turned round.

    Those of `same_claim` are left out: they are among the appearances.
    """
    links = [link for link in links if link["relation"] != "same_claim"]
    if not links:
        return []
    ends = {one["id"]: one for one in listed(session, sorted({link["annotation"] for link in links}))}
    claimant = _id(annotation["claimant"])
    found = []
    for link in links:
        near = ends[link["annotation"]]
        about = (annotation["claimed_on"], published_on, near["date"], claimant, None, _id(near["claimant"]))
        found.append({"link": link, "near": near, "comparison": compare("annotation", *about)})
    return found


def _id(person: Json | None) -> str | None:
    return person["id"] if person else None


def _disputes(links: list[Json]) -> int:
    """Count the contradictions, at either end, that nobody rejected."""
    return sum(link["contradiction_state"] in ("proposed", "accepted") for link in links)


def _article(session: Session, key: str) -> Any:
    return rows_of(session, _ARTICLE, {"id": key}).one()


_ARTICLE: Any = select(Article.id, Article.title, Article.published_on).where(Article.id == bindparam("id"))


def groups(evidence: list[Json]) -> list[Json]:
    """Give the evidence groups, each with its links and stated assumptions, in the order of their first links."""
    found: dict[str, Json] = {}
    for link in evidence:
        if link["group"]:
            group = found.setdefault(link["group"], {"name": link["group"], "links": [], "assumptions": []})
            group["links"].append(link["id"])
            if link["assumption"] and link["assumption"] not in group["assumptions"]:
                group["assumptions"].append(link["assumption"])
    return list(found.values())


def by_group(evidence: list[Json]) -> list[tuple[str, list[Json]]]:
    """Give the evidence in its order, what belongs to one group together; a link without a group stands alone."""
    found: dict[str, list[Json]] = {}
    for link in evidence:
        found.setdefault(link["group"] or link["id"], []).append(link)
    return [(links[0]["group"], links) for links in found.values()]


def points(found: Json) -> list[Json]:
    """Give the claim and its evidence as dated points: what supports it above, what contradicts it below the line.

    Rejected contradictions and drafts are no sides of the dispute, and `same_claim` is the claim itself elsewhere.
    """
    own = _point("claim", found["date"], found["claim_text"] or found["words"], tone="submitted")
    own["note"] = found["claimant"]["name"] if found["claimant"] else "The claim"
    own["href"] = f"/annotations/{found['id']}/"
    return [own, *sides(found["evidence"]), *_from_elsewhere(found["incoming"])]


def _from_elsewhere(found: list[Json]) -> list[Json]:
    """Give the annotations that speak about the claim as points, on the side that their relation puts them."""
    return [_of_link(_turned(one)) for one in found if _is_side(one["link"])]


def _turned(one: Json) -> Json:
    """Give a link that ends at the claim as if its near end were the far one."""
    near = one["near"]
    named = {"title": near["article"]["title"], "quote": near["words"], "date": near["date"]}
    unsaid = dict.fromkeys(("role", "occasion", "publisher"))
    return {**one["link"], "far": {**one["link"]["far"], **named, **unsaid}}


def sides(links: list[Json]) -> list[Json]:
    """Give links as points; drafts, rejected contradictions and what leads to something deleted are no sides."""
    return [_of_link(link) for link in links if _is_side(link)]


def _is_side(link: Json) -> bool:
    return not (link["draft"] or link["far"]["deleted"] or link["contradiction_state"] == "rejected")


def _of_link(link: Json) -> Json:
    far, relation = link["far"], link["relation"]
    words = far["quote"] or (link["passage"] or {}).get("exact") or ""
    label = f"{far['title']}: “{words}”" if words else far["title"]
    point = _point(link["id"], far["date"], label, tone=TONES.get(relation, "aside"))
    beside = "" if relation in LANES else relation_words(relation)
    note = " · ".join(part for part in (beside, far["role"], far["occasion"], far["publisher"]) if part)
    return {**point, "lane": LANES.get(relation, "line"), "href": f"/links/{link['id']}/", "note": note}


def _point(key: str, on: str | None, label: str, *, tone: str) -> Json:
    return {"key": key, "on": on, "label": label, "lane": "line", "tone": tone, "href": "", "note": ""}


_NEAR = select(Annotation.claimed_on, Article.published_on, Annotation.claimant_id).join(
    Article, Article.id == Annotation.article_id
)
_FAR: dict[str, tuple[str, Any, Any]] = {
    "source": ("source", Source, select(Source.published_on.label("date"))),
    "statement": (
        "statement",
        Statement,
        select(
            Statement.said_on.label("date"),
            Statement.speaker_id.label("speaker"),
            Statement.valid_from_on,
            Statement.valid_until_on,
        ),
    ),
}


def comparison(session: Session, annotation: Annotation, name: str, key: str) -> Json:
    """Compare a claim with a far end that is not linked yet; Invalid when that is none of this project's.

    `name` is `source`, `statement` or `target`, `key` its id.
    """
    check_far(session, name, key, annotation.project_id)
    near = session.execute(_NEAR.where(Annotation.id == annotation.id)).one()
    if name == "target":
        row = session.execute(_NEAR.where(Annotation.id == key)).one()
        return compare("annotation", *near[:2], row[0] or row[1], near[2], None, row[2])
    kind, model, query = _FAR[name]
    row = session.execute(query.where(model.id == key)).one()
    speaker, *validity = row[1:] if name == "statement" else (None,)
    return compare(kind, *near[:2], row.date, near[2], speaker, None, *validity)


def suggestions(session: Session, annotation: Annotation, *, limit: int) -> list[Json]:
    """Give earlier statements and annotations of like words that are not linked yet, the same speaker's first.

    Each says how far it lies from the claim in time (`distance`) and the sentence that follows from both ends.
    """
    linked = set(_ends(session, annotation.id))
    results = find(session, annotation.project_id, "", annotation=annotation.id, limit=limit + len(linked))
    near = session.execute(_NEAR.where(Annotation.id == annotation.id)).one()
    return [{**result, **_compared(near, result)} for result in results if result["id"] not in linked][:limit]


def _ends(session: Session, annotation_id: str) -> list[str]:
    query = select(queries.FAR_ID).where(Link.annotation_id == annotation_id, Link.deleted_at.is_(None))
    return list(session.scalars(query))


def _compared(near: Any, result: Json) -> Json:
    speaker = result["speaker"]["id"] if result["speaker"] else None
    compared = compare(result["kind"], near[0], near[1], result["date"], near[2], speaker, None)
    return {"distance": compared["distance"], "sentence": compared["sentence"]}
