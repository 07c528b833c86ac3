"""The administrator's pages of invitations: one, the list of all, sent again, revoked."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from annotator import forms, mailing
from annotator.accounts import invitations
from annotator.accounts.answers import attempt, done
from annotator.accounts.handing_over import hand_over_invitation
from annotator.accounts.invitation_queries import NEWEST, STATES, counts, roles_of_invitations
from annotator.accounts.invitation_queries import invitations as all_invitations
from annotator.accounts.proof_models import Invitation
from annotator.admin.access import PEOPLE, refuse_older
from annotator.admin.schemas import InvitationForm
from annotator.columns import as_time, now
from annotator.database import db
from annotator.errors import Invalid
from annotator.forms import Form
from annotator.identity import acting
from annotator.paging import encode, narrowed
from annotator.permissions import Role
from annotator.projects.models import Project
from annotator.projects.queries import all_projects
from annotator.reading import grouped
from annotator.wording import CHOICES

blueprint = Blueprint("invitations", __name__)
PAGE = 50
HOME = "/admin/invitations"
ON_ITS_WAY = timedelta(minutes=2)  # what has not left after that is told as not sent


@blueprint.get("/invitations")
@PEOPLE
def list_invitations() -> Response:
    """List invitations, newest first: whom, to what, by whom, and what became of it."""
    return _list(Form())


def _list(form: Form, **more: Any) -> Response:
    at = now()
    find = request.args.get("q", "").replace("\0", "").strip()[:200]
    number = counts(db.session, at)
    state = request.args.get("state", "all")
    query = all_invitations(find, state, at=at)
    rows = db.session.execute(narrowed(query, NEWEST, PAGE, request.args.get("cursor"))).all()
    shown, last = rows[:PAGE], rows[PAGE - 1][0] if len(rows) > PAGE else None
    roles = db.session.execute(roles_of_invitations([row[0].id for row in shown])).all()
    return forms.page(
        "admin/invitations.html",
        form,
        rows=[(*row, invitations.state_of(row[0], at)) for row in shown],
        roles=grouped((row.invitation_id, row) for row in roles),
        find=find,
        state=state if state in STATES else "all",
        number=number,
        cursor=encode([as_time(last.created_at), last.id]) if last else None,
        role_choices=[("", "No role"), *CHOICES["role"]],
        projects=open_projects(),
        mail=mailing.possible(),
        late=at - ON_ITS_WAY,
        **more,
    )


def open_projects() -> list[Project]:
    """Give the projects that are not archived, by name."""
    return [project for project, _ in db.session.execute(all_projects()) if not project.archived_at]


@blueprint.post("/invitations")
@PEOPLE
def invite() -> AnyResponse:
    """Invite one person: the link is mailed, or shown this once to hand on."""
    form = forms.check(InvitationForm())
    made: list[tuple[Invitation, str]] = []

    def add() -> None:
        about = dict(form.data)
        roles = _known_roles(about.pop("role"))
        made.append(invitations.invite(db.session, **about, roles=roles, actor=acting().user_id))

    if not attempt(form, add):
        return _list(form)
    return _handed_over(*made[0])


def _known_roles(given: list[tuple[str, Role] | None]) -> dict[str, Role]:
    roles = dict(pair for pair in given if pair is not None)
    if any(db.session.get(Project, key) is None for key in roles):
        raise Invalid({"role": ["One of the projects is not here any more. Load the page again."]})
    return roles


def _handed_over(row: Invitation, token: str) -> AnyResponse:
    link = hand_over_invitation(row, token, inviter=acting().name)
    if link is None:
        return done(HOME, "invitation-mailed")
    return _list(Form(), link=link, link_for=row)


@blueprint.post("/invitations/<id:invitation_id>/resend")
@PEOPLE
def resend(invitation_id: str) -> AnyResponse:
    """Make a new link for an invitation, which ends the old one, and send or show it."""
    row, form, made = invitations.find_invitation(db.session, invitation_id), Form(), list[str]()
    refuse_older(form, row)

    def renew() -> None:
        made.append(invitations.renew_invitation(db.session, row, actor=acting().user_id))

    if attempt(form, renew):
        return _handed_over(row, made[0])
    return _refused(form)


@blueprint.post("/invitations/<id:invitation_id>/revoke")
@PEOPLE
def revoke(invitation_id: str) -> AnyResponse:
    """Withdraw an invitation; its link ends at once."""
    row, form = invitations.find_invitation(db.session, invitation_id), Form()
    refuse_older(form, row)
    actor = acting().user_id
    if attempt(form, lambda: invitations.revoke_invitation(db.session, row, actor=actor)):
        return done(HOME, "invitation-revoked")
    return _refused(form)


def _refused(form: Form) -> Response:
    """Show the list with what a button could not do; the form of a new invitation beside it has no fault."""
    answer = _list(Form(), act_form=form)
    answer.status_code = 422
    return answer
