"""What an administrator ends for a person: sessions, API tokens, second factors; never set: a password."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from annotator.accounts.answers import attempt, done
from annotator.accounts.factor_changes import reset_factors
from annotator.accounts.login_sessions import end_session, end_sessions_of
from annotator.accounts.operations import find_user
from annotator.accounts.tokens import revoke_token
from annotator.admin.access import PEOPLE, refuse_older
from annotator.admin.person import show
from annotator.database import db
from annotator.errors import NotFound
from annotator.forms import Form
from annotator.identity import acting

blueprint = Blueprint("ways_in", __name__)


@blueprint.post("/people/<id:user_id>/sessions/end")
@PEOPLE
def end_sessions(user_id: str) -> AnyResponse:
    """End all sessions of a person."""
    user = find_user(db.session, user_id)
    end_sessions_of(db.session, user, actor=acting().user_id)
    return done(f"/admin/people/{user.id}", "sessions-ended")


@blueprint.post("/people/<id:user_id>/sessions/<id:session_id>/end")
@PEOPLE
def end_one(user_id: str, session_id: str) -> AnyResponse:
    """End one session of a person."""
    user = find_user(db.session, user_id)
    if not end_session(db.session, session_id, actor=acting().user_id, user_id=user.id):
        raise NotFound
    return done(f"/admin/people/{user.id}", "session-ended")


@blueprint.post("/people/<id:user_id>/tokens/<id:token_id>/revoke")
@PEOPLE
def revoke(user_id: str, token_id: str) -> AnyResponse:
    """Revoke an API token of a person."""
    user = find_user(db.session, user_id)
    revoke_token(db.session, token_id, user_id=user.id, actor=acting().user_id)
    return done(f"/admin/people/{user.id}", "token-revoked")


@blueprint.post("/people/<id:user_id>/factor/remove")
@PEOPLE
def remove_factors(user_id: str) -> AnyResponse:
    """Take all second factors of a person away, who lost the phone or the key."""
    user, form = find_user(db.session, user_id), Form()
    refuse_older(form, user)
    if attempt(form, lambda: reset_factors(db.session, user, actor=acting().user_id)):
        return done(f"/admin/people/{user.id}", "factors-removed")
    return show(user, form, "factor")
