"""The journal of the site for administrators: found, filtered, paged, and taken out as a file."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from annotator import forms
from annotator.accounts.models import User
from annotator.admin.access import SITE
from annotator.columns import now
from annotator.database import db
from annotator.errors import Invalid, NotFound
from annotator.fields import ID
from annotator.forms import Form
from annotator.identity import acting
from annotator.journal import words
from annotator.journal.audit import NEWEST_FIRST, as_csv, as_json, exported, lines, note_export, told
from annotator.journal.schemas import AuditFilter
from annotator.journal.sealing import read_head, waiting
from annotator.paging import encode, narrowed
from annotator.projects.queries import all_projects
from annotator.wording import shown_time

blueprint = Blueprint("audit", __name__)

PAGE = 50
FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "json": (as_json, "application/json")}
FILTERS = ("person", "action", "thing", "project", "since", "until")
LONGEST = 200  # code points of a value on screen
UNTOLD = ("session",)  # ids that lead nowhere
WHOLE = (":added", ":captured")  # what is new has all its fields
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@blueprint.get("/audit")
@SITE
def read_audit() -> Response:
    """Show the journal, newest lines first."""
    form = forms.check(AuditFilter(), request.args)
    found, cursor = page_of(form.data, PAGE, request.args.get("cursor")) if form else ([], None)
    names = names_in(found)
    asked = {name: value for name in FILTERS if (value := str(form.shown.get(name, "")))}
    return forms.page(
        "admin/audit.html",
        form,
        lines=[_shown(line, names) for line in found],
        asked=asked,
        cursor=cursor,
        actions=words.grouped_actions(),
        projects=[(project.id, project.name) for project, _ in db.session.execute(all_projects())],
        head=read_head(db.session),
        waiting=waiting(db.session),
    )


def page_of(
    wanted: Mapping[str, Any], limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Give a page of the journal, newest first, and the cursor of the next."""
    query = narrowed(lines(wanted), NEWEST_FIRST, limit, cursor)
    rows = db.session.execute(query).mappings().all()
    found = [told(row) for row in rows[:limit]]
    return found, encode([found[-1]["number"]]) if len(rows) > limit else None


def names_in(found: list[dict[str, Any]]) -> dict[str, str]:
    """Give the names of the people whose ids stand in the lines, in one query."""
    fields = [line[side] or {} for line in found for side in ("before", "after")]
    ids = {
        value for one in fields for value in one.values() if isinstance(value, str) and ID.fullmatch(value)
    }
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}


def _shown(line: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    before, after = line["before"], line["after"]
    shown = before is not None or after is not None
    whole = line["action"].endswith(WHOLE)
    return {
        **line,
        "what": words.line_words(line),
        "kind": words.kind_words(line["subject"]["kind"]),
        "own": line["actor"] is not None and line["actor"]["id"] == line["subject"]["id"],
        "changed": [words.field_words(name) for name in line["fields_changed"] if not whole],
        "changes": list(_changes(before or {}, after or {}, names)) if shown else [],
    }


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Give `(field, before, after)` in words; a side that says nothing is empty."""
    for name in {**before, **after}:
        if name in UNTOLD or (name == "name" and "user" in {**before, **after}):
            continue  # the person stands there with the name of today
        old, new = (_side(name, side, names) for side in (before, after))
        yield words.field_words(name), old if old != new else "", new


def _side(name: str, side: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return in_words(words.value_words(name, side[name]), names) if name in side else ""


def in_words(value: Any, names: Mapping[str, str]) -> str:
    """Give a value of a line as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{words.plain(name)}: {in_words(inner, names)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(inner, names) for inner in value) or "nothing"
    if isinstance(value, str) and TIME.fullmatch(value):
        return shown_time(value)
    text = names.get(str(value), str(value)) if value not in (None, "") else "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


@blueprint.get("/audit/export")
@SITE
def export_audit() -> Response:
    """Give the filtered journal as a CSV or JSON file, streamed; the journal keeps a line of it."""
    form: Form = forms.check(AuditFilter(), request.args)
    if not form:
        raise Invalid(form.errors)
    name = request.args.get("format", "csv")
    if name not in FORMATS:
        raise NotFound
    if request.method == "GET":
        with db.here.apart() as session:
            note_export(session, name, form.data, actor=acting().user_id)
    write, content_type = FORMATS[name]
    response = Response(_stream(db.here.engine, write, form.data), content_type=content_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=annotator-journal-{now():%Y-%m-%d}.{name}"
    )
    return response


def _stream(engine: Engine, write: Any, wanted: Mapping[str, Any]) -> Iterator[bytes]:
    # a session of its own: the request's is closed before the first piece is sent
    with Session(engine) as session:
        yield from write(exported(session, wanted))
