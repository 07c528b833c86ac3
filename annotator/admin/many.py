"""Inviting many by a list: chosen or pasted, shown line by line, and done only when the whole has been seen."""

import csv
import io

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, mailing
from annotator.accounts.answers import done
from annotator.accounts.handing_over import hand_over_invitation
from annotator.admin.access import PEOPLE
from annotator.admin.invitations import HOME, open_projects
from annotator.admin.list_reading import NoList, decode
from annotator.admin.lists import Checked, carry_out, check_list
from annotator.admin.schemas import ListForm
from annotator.database import db, one_at_a_time
from annotator.errors import AnnotatorError
from annotator.forms import Form
from annotator.identity import acting
from annotator.journal.audit import safe

blueprint = Blueprint("many", __name__)
CHANGED = "Something changed since this list was looked at. Nothing was done; look at it again."
NOBODY = "Nothing comes of this list, so nothing was done."


@blueprint.get("/invitations/many")
@PEOPLE
def show() -> Response:
    """Show the form that takes a list."""
    return _page(Form())


def _page(form: Form, checked: Checked | None = None, note: str = "") -> Response:
    return forms.page(
        "admin/many.html", form, checked=checked, note=note, mail=mailing.possible(), projects=open_projects()
    )


@blueprint.post("/invitations/many")
@PEOPLE
def take() -> AnyResponse:
    """Show what a list would do, or, once that was seen and still holds, do it as a whole."""
    form = forms.check(ListForm())
    if not form:
        return _page(form)
    mark, note = form.data["mark"], ""
    try:
        text, note = (form.data["text"], "") if mark else _text(form)
        one_at_a_time(db.session, "invitations by list")
        checked = check_list(db.session, text)
    except NoList as error:
        form.refuse(AnnotatorError(str(error)), "text")
        return _page(form)
    if not mark:
        return _page(form, checked, note)
    return _do(form, checked)


def _text(form: Form) -> tuple[str, str]:
    """Give the list's text, of the file if one was chosen, and what there is to say about its encoding."""
    file = request.files.get("file")
    data = file.read() if file is not None and file.filename else b""
    return decode(data) if data else (form.data["text"], "")


def _do(form: Form, checked: Checked) -> AnyResponse:
    give_roles = form.data["give_roles"]
    if checked.mark != form.data["mark"]:
        form.refuse(AnnotatorError(CHANGED), "text")
    elif not (checked.number_of("invite") or (give_roles and checked.number_of("roles"))):
        form.refuse(AnnotatorError(NOBODY), "text")
    if not form:
        return _page(form, checked)
    made = carry_out(db.session, checked, give_roles=give_roles, actor=acting().user_id)
    links = [
        (line.email, line.name, hand_over_invitation(row, token, inviter=acting().name))
        for line, row, token in made
    ]
    shown = [(email, name, link) for email, name, link in links if link is not None]
    if not shown:
        return done(HOME, "invitations-mailed" if made else "roles-given")
    return forms.page("admin/many_links.html", Form(), links=shown, text=as_csv(shown))


def as_csv(links: list[tuple[str, str, str]]) -> str:
    """Write the links as CSV; a cell that a spreadsheet would run as a formula is disarmed by an apostrophe."""
    rows = [("email", "name", "link"), *links]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return written.getvalue()
