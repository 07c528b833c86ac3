"""Between a form and a thing: what a form shows of a speaker or statement, and what is kept of what it carries."""

from typing import Any

from flask import request
from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from annotator.articles import correcting
from annotator.columns import IdType
from annotator.errors import Invalid
from annotator.fields import ID
from annotator.forms import Form
from annotator.protection import readable, readable_id
from annotator.sources.models import Source
from annotator.statements import alike, operations
from annotator.statements.form_schemas import SPEAKER_FIELDS, STATEMENT_FIELDS
from annotator.statements.models import Speaker, Statement

MOST_OFFERED = 500
NOBODY = "00000000-0000-7000-8000-000000000000"
Text = dict[str, str]


def typed_values() -> MultiDict[str, str]:
    """Give the request's form with plain line ends: a browser sends CRLF."""
    return MultiDict((name, value.replace("\r\n", "\n")) for name, value in request.form.items(multi=True))


def speaker_text(speaker: Speaker) -> Text:
    """Give a speaker as its form carries it."""
    found = {name: getattr(speaker, name) or "" for name in SPEAKER_FIELDS}
    return {**found, "also_known_as": "\n".join(speaker.also_known_as)}


def statement_text(session: Session, statement: Statement) -> Text:
    """Give a statement as its form carries it: speaker and source by name."""
    ends = {
        "speaker": session.get_one(Speaker, statement.speaker_id).name,
        "source": source_title(session, statement.source_id),
        "tags": ", ".join(statement.tags),
        **{name: getattr(statement, f"{name}_on") or "" for name in ("valid_from", "valid_until")},
    }
    if hides_source(session, statement):
        ends |= {"locator_kind": "", "locator": ""}
    plain = {name: getattr(statement, name) or "" for name in STATEMENT_FIELDS if name not in ends}
    return {**plain, **ends}


def hides_source(session: Session, statement: Statement) -> bool:
    """Tell whether whoever asks may not see the statement's source, and so not where in it the words stand."""
    key = statement.source_id
    return bool(key) and not session.scalar(select(readable_id(literal(key, IdType))))


def source_title(session: Session, key: str | None) -> str:
    """Give the title of a source, empty where there is none or it may not be seen."""
    query = select(Source.title).where(Source.id == key, readable(Source))
    return (session.scalar(query) or "") if key else ""


class Correction:
    """What a person wants of a thing that others may have changed meanwhile; see `articles.correcting`."""

    def __init__(self, names: tuple[str, ...], now: Text, version: int) -> None:
        """Read the request's form against the thing as it is now."""
        self.given = typed_values()
        self.now = now
        mine = correcting.typed(self.given, names, now)
        stale = self.given.get("version") != str(version)
        self.clashes = correcting.clashes(mine, self.given, now) if stale else {}
        self.wanted = correcting.changed(mine, self.given, now)
        self.values = {**now, **self.wanted}


def resolve_ends(session: Session, form: Form, project_id: str, statement: Statement | None = None) -> Form:
    """Put ids for the names of speaker and source into the form's data; what is not found becomes an error."""
    if not form:
        return form
    data = form.data
    was = statement_text(session, statement) if statement else {}
    if statement and data["speaker"] == was["speaker"]:
        data["speaker"] = statement.speaker_id
    else:
        data["speaker"] = _speaker(session, form, project_id)
    if statement and data.get("source", "") == was["source"]:
        data.pop("source", None)
    else:
        data["source"] = _source(session, form, project_id)
    return form


def _speaker(session: Session, form: Form, project_id: str) -> str | None:
    name, chosen = form.data["speaker"], str(form.shown.get("speaker_id", ""))
    if ID.fullmatch(chosen):
        query = select(Speaker.id).where(Speaker.id == chosen, Speaker.name == name)
        if key := session.scalar(query.where(Speaker.project_id == project_id)):
            return key
    key = alike.speaker_of(session, project_id, name)
    if key is None and not form.data.get("new_speaker"):
        form.refuse(Invalid({"speaker": [_unknown(session, project_id, name)]}))
    return key


def _unknown(session: Session, project_id: str, name: str) -> str:
    """Say that a name is nobody's, or whose it might be: a new speaker for a misspelt name would be a second one."""
    found = alike.speakers_like(session, project_id, name)
    others = list(dict.fromkeys(item["name"] for item in found if item["name"] != name))
    nobody = f"No one speaker here is called “{name}”."
    if not others:
        return f"{nobody} Choose a name from the list, or tick “New speaker”."
    known = ", ".join(f"“{other}”" for other in others)
    return f"{nobody} There is {known}: choose that name, or tick “New speaker” for somebody else."


def _source(session: Session, form: Form, project_id: str) -> str | None:
    name = form.data.get("source", "")
    if not name:
        return None
    query = select(Source.id).where(Source.project_id == project_id, Source.live(), readable(Source))
    keys = list(session.scalars(query.where(or_(Source.title == name, Source.url == name)).limit(2)))
    if len(keys) != 1:
        sentence = (
            "No one source here has this title or address. Choose one from the list, or add it under Sources."
        )
        form.refuse(Invalid({"source": [sentence]}))
        return None
    return keys[0]


def add_speaker_named(session: Session, form: Form, project_id: str, actor: str) -> None:
    """Add the speaker that a statement's form calls new, and put its id into the data."""
    if form and form.data["speaker"] is None:
        name = {"name": str(form.shown["speaker"]).strip()}
        form.data["speaker"] = operations.add_speaker(session, name, project=project_id, actor=actor).id


def offered(session: Session, project_id: str) -> dict[str, list[str]]:
    """Give the names of speakers and the titles of sources that a form offers, at most 500 of each."""
    speakers = select(Speaker.name).where(Speaker.project_id == project_id, Speaker.merged_into_id.is_(None))
    sources = select(Source.title).where(Source.project_id == project_id, Source.live(), readable(Source))
    return {
        "speakers": list(session.scalars(speakers.distinct().order_by(Speaker.name).limit(MOST_OFFERED))),
        "sources": list(session.scalars(sources.distinct().order_by(Source.title).limit(MOST_OFFERED))),
    }


def asked_id(name: str, values: Any = None) -> str:
    """Give the id that the address (or `values`) carries under this name; an id of nothing when it is none."""
    given = str((request.args if values is None else values).get(name, ""))
    return given if ID.fullmatch(given) else NOBODY


def only(data: dict[str, Any], wanted: Text) -> dict[str, Any]:
    """Give of the checked data what the person changed: the rest stays as somebody else may have set it."""
    return {name: value for name, value in data.items() if name in wanted}
