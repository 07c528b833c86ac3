"""The page that asks for the second factor, and the one where one's factors are kept."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import add_app, add_passkey
from accounts.conftest import BROWSER
from flask.testing import FlaskClient
from mailserver import Mailbox
from sqlalchemy import func, select, update

from annotator import limits
from annotator.accounts import second_factor
from annotator.accounts.devices import COOKIE as DEVICE
from annotator.accounts.devices import remember
from annotator.accounts.models import LoginSession, User
from annotator.accounts.operations import make_password_link
from annotator.accounts.proof_models import Passkey, SignInStep, StepKind
from annotator.accounts.sessions import COOKIE
from annotator.accounts.tokens import make_token
from annotator.accounts.totp import code_of, present_step
from annotator.app import Annotator
from annotator.columns import now
from annotator.identity import Scope
from annotator.journal.models import Event

HOME = "/account/second-factor"
LATE = "/login?notice=step-over"


@pytest.fixture
def secret(as_: Any, password: str) -> str:
    """The secret of Ann's app."""
    return add_app(as_("ann"))


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all tries fall into one stretch of time, whenever the test begins."""
    at = now()
    monkeypatch.setattr(limits, "now", lambda: at)


def test_page_offers_what_the_person_has(first_proof: Any, client: FlaskClient, secret: str) -> None:
    first_proof("ann")
    page = client.get("/login/second-factor").text
    assert "Code from your authenticator app" in page
    assert "Use a recovery code" in page
    assert "Use a passkey" not in page


def test_passkey_is_offered_to_who_has_one(
    as_: Any, first_proof: Any, client: FlaskClient, password: str
) -> None:
    add_passkey(as_("ann"))
    first_proof("ann")
    page = client.get("/login/second-factor").text
    assert "Use a passkey" in page
    assert "Code from your authenticator app" not in page


def test_wrong_code_keeps_the_page_and_is_journalled(
    first_proof: Any, second: Any, inside: Any, people: SimpleNamespace, secret: str
) -> None:
    first_proof("ann")
    answer = second(code="000000")
    assert (answer.status_code, "This code does not fit" in answer.text) == (422, True)
    assert "It goes under “Use a recovery code”." in answer.text
    with inside() as session:
        line = session.scalars(select(Event).where(Event.action == "session:refused")).one()
    assert (line.subject_id, line.after) == (people.ann, {"second_factor": "code"})
    assert second(code=code_of(secret, present_step() + 1)).status_code == 303


def test_nothing_at_all_is_a_wrong_code(first_proof: Any, second: Any, secret: str) -> None:
    first_proof("ann")
    assert second().status_code == 422


def test_without_the_first_proof_there_is_no_second(client: FlaskClient, second: Any, secret: str) -> None:
    assert client.get("/login/second-factor").headers["Location"] == LATE
    assert second(code=code_of(secret, present_step() + 1)).headers["Location"] == LATE


def test_step_is_over_after_ten_minutes(first_proof: Any, second: Any, inside: Any, secret: str) -> None:
    first_proof("ann")
    with inside() as session:
        session.execute(update(SignInStep).values(expires_at=now()))
    assert second(code=code_of(secret, present_step() + 1)).headers["Location"] == LATE


def test_sentence_says_that_it_took_too_long(client: FlaskClient) -> None:
    assert "Please sign in again." in client.get(LATE).text


def test_sixth_try_in_a_minute_waits_whatever_it_is(
    first_proof: Any, second: Any, moment: None, secret: str
) -> None:
    first_proof("ann")
    given = [{"code": "000000"}, {"recovery": "x"}, {"passkey": "{}", "step": "x"}, {}, {"code": "1"}]
    assert [second(**form).status_code for form in given] == [422] * 5
    sixth = second(code=code_of(secret, present_step() + 1))
    assert (sixth.status_code, "Too many tries" in sixth.text) == (429, True)
    assert int(sixth.headers["Retry-After"]) <= 60


def test_thirty_tries_an_hour_are_the_most(
    first_proof: Any, second: Any, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    first_proof("ann")
    hour, tried = now().replace(minute=0), []
    for at in [hour + timedelta(minutes=count) for count in range(31)]:
        monkeypatch.setattr(limits, "now", lambda at=at: at)
        tried.append(second(code="000000").status_code)
    assert tried == [422] * 30 + [429]


@pytest.fixture
def known(inside: Any, people: SimpleNamespace) -> str:
    """The mark of a browser that Ann is known by."""
    with inside() as session:
        return remember(session, session.get_one(User, people.ann), "Firefox")


def test_tries_elsewhere_lock_nobody_out_on_a_known_device(
    first_proof: Any, second: Any, client: FlaskClient, moment: None, secret: str, known: str
) -> None:
    first_proof("ann")
    assert [second(code="000000").status_code for _ in range(6)][5] == 429
    client.set_cookie(DEVICE, known)
    assert second(code=code_of(secret, present_step() + 1)).status_code == 303


def test_tries_on_a_known_device_have_the_same_limit(
    first_proof: Any, second: Any, client: FlaskClient, moment: None, secret: str, known: str
) -> None:
    first_proof("ann")
    client.set_cookie(DEVICE, known)
    assert [second(code="000000").status_code for _ in range(6)] == [422] * 5 + [429]


def test_the_person_is_told_once_of_very_many_tries(
    first_proof: Any,
    second: Any,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    moment: None,
    secret: str,
) -> None:
    monkeypatch.setattr(second_factor, "TRIES", ((3, timedelta(hours=1), "an hour"),))
    first_proof("ann")
    assert [second(code="000000").status_code for _ in range(5)] == [422] * 3 + [429] * 2
    told = mailbox.subjects("ann@example.org")
    assert told.count("Many tries with a second factor") == 1


def test_confirming_waits_for_nobody_else_and_keeps_what_was_typed(
    as_: Any, first_proof: Any, second: Any, moment: None, secret: str
) -> None:
    first_proof("ann")
    for _ in range(6):
        second(code="000000")
    ann, form = as_("ann"), {"passkey": "{}", "step": "x", "next": "/account", "kept": '[["name","Ännchen"]]'}
    pages = [ann.post("/confirm/passkey", data=form) for _ in range(6)]
    assert [page.status_code for page in pages] == [422] * 5 + [429]
    assert ("Too many tries" in pages[5].text, "Ännchen" in pages[5].text) == (True, True)
    assert int(pages[5].headers["Retry-After"]) <= 60


def test_a_whole_house_signs_in_by_passkey_within_a_minute(client: FlaskClient, moment: None) -> None:
    path = "/login/passkey/challenge"
    assert [client.post(path, headers=BROWSER).status_code for _ in range(60)] == [200] * 60


def test_tries_of_one_person_do_not_stop_another(
    as_: Any, first_proof: Any, second: Any, client: FlaskClient, moment: None, secret: str
) -> None:
    other = add_app(as_("cleo"))
    first_proof("ann")
    for _ in range(6):
        second(code="000000")
    client.delete_cookie(COOKIE)
    first_proof("cleo")
    assert second(code=code_of(other, present_step() + 1)).status_code == 303


def test_step_is_used_up_by_signing_in(
    first_proof: Any, second: Any, client: FlaskClient, inside: Any, secret: str
) -> None:
    first_proof("ann")
    step = client.get_cookie(COOKIE).value
    second(code=code_of(secret, present_step() + 1))
    client.set_cookie(COOKIE, step)
    assert client.get("/login/second-factor").headers["Location"] == LATE
    with inside() as session:
        kind = SignInStep.kind == StepKind.SECOND_FACTOR.value
        assert session.scalar(select(func.count()).where(kind, SignInStep.used_at.is_(None))) == 0


def test_factor_taken_away_meanwhile_asks_to_sign_in_again(
    as_: Any, first_proof: Any, client: FlaskClient, secret: str
) -> None:
    first_proof("ann")
    as_("ann").post(f"{HOME}/app/remove")
    assert client.get("/login/second-factor").headers["Location"] == LATE


def test_page_is_as_new_for_who_has_nothing(as_: Any) -> None:
    page = as_("ann").get(HOME).text
    assert "Set up an app" in page
    assert "You get them with your first second factor." in page


@pytest.mark.parametrize(
    "path",
    ["/app", "/app/confirm", "/app/remove", "/codes", "/account/passkeys", "/account/passkeys/challenge"],
)
def test_token_changes_nothing_of_the_way_in(
    app: Annotator, inside: Any, people: SimpleNamespace, path: str
) -> None:
    with inside() as session:
        user = session.get_one(User, people.ann)
        _, token = make_token(session, user, name="x", scope=Scope.WRITE, actor=user.id)
    bearer = {"Authorization": f"Bearer {token}"}
    whole = path if path.startswith("/account") else HOME + path
    assert app.test_client().post(whole, headers=bearer).status_code == 403


def test_old_sign_in_shows_the_page_and_asks_to_confirm(as_: Any, inside: Any) -> None:
    ann = as_("ann")
    with inside() as session:
        session.execute(update(LoginSession).values(authenticated_at=now() - timedelta(minutes=11)))
    page = ann.get(HOME)
    assert (page.status_code, "Confirm that it is you</a>" in page.text) == (200, True)
    assert ann.get(f"{HOME}/app").status_code == 403


def test_passkey_that_was_refused_shows_the_page_to_sign_in(client: FlaskClient, inside: Any) -> None:
    form = {"step": "x", "passkey": "{}", "next": "/account"}
    answer = client.post("/login/passkey", data=form, headers=BROWSER)
    assert (answer.status_code, "This passkey was not accepted" in answer.text) == (422, True)
    with inside() as session:
        assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_without_scripts_the_page_says_what_to_use_instead(client: FlaskClient) -> None:
    page = client.get("/login").text
    without = page.partition("<noscript><p")[2].partition("</noscript>")[0]
    assert "A passkey needs JavaScript, which is switched off here. Use your password." in without


def test_link_for_a_new_password_does_not_go_round_the_second_factor(
    client: FlaskClient, inside: Any, people: SimpleNamespace, secret: str
) -> None:
    with inside() as session:
        link = make_password_link(session, session.get_one(User, people.ann), actor=people.cleo)
    form = {"password": "lamp river stone"}
    answer = client.post(f"/password/{link}", data=form, headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login/second-factor")
    assert client.get("/account").status_code == 302
