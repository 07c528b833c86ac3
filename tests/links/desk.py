"""An article with claims, a speaker and what they said, and what tests of links ask of it."""

from types import SimpleNamespace
from typing import Any

from contract.world import HTTP, annotation, put

from annotator.columns import new_id

TEXT = "Ministers met on Monday.\n\nWe will never sell the harbour.\n\nNobody answered."
COPY = "Minutes of the council.\n\nThe mayor said: “The harbour is – for now – yours.” The harbour is yours, she said."


def make(as_: Any, project: Any) -> SimpleNamespace:
    """Two claims of an article of 30 April 2025, the mayor, a source and a statement of March 2024; Ann and Ben."""
    ann = as_("ann")
    article = put(ann, "articles", {"project": project.id, "text": TEXT, "published_on": "2025-04-30"})
    spans = [{"start": TEXT.index(word), "end": TEXT.index(word) + len(word)} for word in ("We", "Nobody")]
    mayor = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    first, second = (
        put(ann, "annotations", annotation(article, spans=[one], claimant=mayor["id"])) for one in spans
    )
    source = put(ann, "sources", {"project": project.id, "title": "Minutes", "published_on": "2024"})
    said = {"project": project.id, "speaker": mayor["id"], "source": source["id"]}
    statement = put(ann, "statements", {**said, "said_on": "2024-03", "quote": "It is yours."})
    return SimpleNamespace(ann=ann, ben=as_("ben"), dee=as_("dee"), project=project, article=article, first=first,
                           second=second, mayor=mayor, source=source, statement=statement)  # fmt: skip


def link(desk: SimpleNamespace, **body: Any) -> Any:
    """Ann's link from the first claim, a contradiction unless `relation` says otherwise."""
    given = {"annotation": desk.first["id"], "relation": "contradicts", **body}
    answer = desk.ann.put(f"{HTTP}/links/{new_id()}", json=given)
    assert answer.status_code == 201, answer.text
    return answer.json


def keep_copy(client: Any, source: dict[str, Any], text: str = COPY) -> dict[str, Any]:
    """Paste a copy of the source."""
    made: dict[str, Any] = put(client, "snapshots", {"source": source["id"], "text": text})["snapshot"]
    return made


def decide(client: Any, one: dict[str, Any], answer: str = "accepted", reason: str = "") -> Any:
    """Decide a contradiction in the version it was seen in."""
    body = {"answer": answer, "reason": reason}
    return client.change("POST", f"{HTTP}/links/{one['id']}/decision", body, version=one["version"])


def change(client: Any, one: dict[str, Any], **fields: Any) -> Any:
    """Change a link in the version it was seen in."""
    return client.change("PATCH", f"{HTTP}/links/{one['id']}", fields, version=one["version"])
