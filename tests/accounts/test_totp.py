"""Authenticator apps: setting one up, and its codes when signing in."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.authenticator import add_app
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from annotator.accounts import sealing, totp
from annotator.accounts.factor_changes import reset_factors
from annotator.accounts.models import LoginSession, User
from annotator.accounts.proof_models import SignInStep, TotpFactor
from annotator.accounts.totp import code_of, fitting, present_step
from annotator.app import Annotator
from annotator.database import db
from annotator.journal.models import Event

# RFC 6238, appendix B, SHA-1: Unix time and the last six of the eight digits
VECTORS = [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130"),
]  # fmt: skip
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
APP = "/account/second-factor/app"


@pytest.fixture
def secret(as_: Any, password: str) -> str:
    """The secret of Ann's app."""
    return add_app(as_("ann"))


def actions(app: Annotator, person: str) -> list[str]:
    with app.app_context():
        query = select(Event.action).where(Event.subject_id == person).order_by(Event.number)
        return list(db.session.scalars(query))


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_of(RFC_SECRET, seconds // 30) == code


@pytest.mark.parametrize(("shift", "fits"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
def test_code_fits_one_step_to_each_side(shift: int, fits: int) -> None:
    at = datetime.fromtimestamp(1111111109, UTC)
    assert len(fitting(RFC_SECRET, "081804", at + timedelta(seconds=shift))) == fits


@pytest.mark.parametrize(
    "typed", ["08180", "0818044", "٠٨١٨٠٤", "０８１８０４", "08180a", "", "-81804", "081804\n"]
)
def test_only_six_ascii_digits_are_a_code(typed: str) -> None:
    assert fitting(RFC_SECRET, typed, datetime.fromtimestamp(1111111109, UTC)) == []


def test_code_may_be_typed_in_two_halves() -> None:
    assert fitting(RFC_SECRET, "081 804", datetime.fromtimestamp(1111111109, UTC))


def test_secret_has_160_bits_and_is_sealed_in_the_tables(app: Annotator, secret: str) -> None:
    assert len(base64.b32decode(secret)) == 20
    with app.app_context():
        kept = db.session.scalar(select(TotpFactor.secret)) or ""
        steps = repr([step.data for step in db.session.scalars(select(SignInStep))])
    assert secret not in kept + steps


def test_setting_up_shows_a_picture_that_nobody_keeps(as_: Any) -> None:
    ann = as_("ann")
    assert ann.post(APP).headers["Location"] == APP
    page, picture = ann.get(APP), ann.get(f"{APP}/code.svg")
    assert f'src="{APP}/code.svg"' in page.text
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"<svg" in picture.data


def test_app_counts_only_after_its_first_code(as_: Any, app: Annotator) -> None:
    ann = as_("ann")
    ann.post(APP)
    ann.get(APP)
    assert ann.post(f"{APP}/confirm", data={"code": "000000"}).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TotpFactor)) == 0


def test_setting_up_is_over_after_ten_minutes(as_: Any, app: Annotator) -> None:
    ann = as_("ann")
    ann.post(APP)
    with app.app_context():
        db.session.execute(update(SignInStep).values(expires_at=SignInStep.created_at))
        db.commit()
    assert ann.get(APP).headers["Location"] == "/account/second-factor?notice=factor-over"
    assert ann.get(f"{APP}/code.svg").status_code == 410
    assert ann.post(f"{APP}/confirm", data={"code": "123456"}).status_code == 303


def test_another_session_does_not_see_what_is_being_set_up(as_: Any) -> None:
    as_("ann").post(APP)
    assert as_("ann").get(f"{APP}/code.svg").status_code == 410


def test_first_factor_gives_ten_recovery_codes_and_a_journal_line(
    app: Annotator, people: SimpleNamespace, secret: str
) -> None:
    assert actions(app, people.ann)[-2:] == ["factor:added", "factor:codes-made"]


def test_every_change_of_a_factor_ends_the_other_sessions(as_: Any) -> None:
    other, ann = as_("ann"), as_("ann")
    add_app(ann)
    assert (other.get("/account").status_code, ann.get("/account").status_code) == (302, 200)
    third = as_("ann")
    ann.post(f"{APP}/remove")
    assert (third.get("/account").status_code, ann.get("/account").status_code) == (302, 200)


def test_password_alone_signs_in_no_more(first_proof: Any, client: FlaskClient, secret: str) -> None:
    assert first_proof("ann").headers["Location"] == "/login/second-factor"
    assert client.get("/account").status_code == 302


def test_code_signs_in_and_goes_on(
    first_proof: Any, second: Any, client: FlaskClient, app: Annotator, secret: str
) -> None:
    first_proof("ann")
    answer = second(code=code_of(secret, present_step() + 1))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    with app.app_context():
        methods = list(db.session.scalars(select(LoginSession.method).order_by(LoginSession.created_at)))
    assert methods[-1] == "password+totp"


def test_code_works_once(first_proof: Any, second: Any, client: FlaskClient, secret: str) -> None:
    code = code_of(secret, present_step() + 1)
    first_proof("ann")
    assert second(code=code).status_code == 303
    client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    client.delete_cookie("__Host-annotator")
    first_proof("ann")
    assert second(code=code).status_code == 422


def test_code_before_one_that_was_used_works_no_more(inside: Any, as_: Any, people: SimpleNamespace) -> None:
    secret, step = add_app(as_("ann")), present_step()
    with inside() as session:
        assert totp.verify(session, people.ann, code_of(secret, step + 1))
        assert not totp.verify(session, people.ann, code_of(secret, step))


def test_old_app_works_until_the_new_one_is_confirmed(
    as_: Any, inside: Any, people: SimpleNamespace, secret: str
) -> None:
    ann = as_("ann")
    ann.post(APP)
    with inside() as session:
        assert totp.verify(session, people.ann, code_of(secret, present_step() + 1))
    newer = add_app(ann)
    with inside() as session:
        assert not totp.verify(session, people.ann, code_of(secret, present_step() + 1))
        assert totp.verify(session, people.ann, code_of(newer, present_step() + 1))


def test_changed_key_is_told_in_words_and_the_password_is_not_enough(
    first_proof: Any, second: Any, app: Annotator, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    first_proof("ann")
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key, of which nobody knows anything")
    answer = second(code=code_of(secret, present_step() + 1))
    assert answer.status_code == 422
    assert "its SECRET_KEY was changed" in answer.text


def test_sealed_text_belongs_to_one_key_and_one_thing(session: Session, app: Annotator) -> None:
    sealed = sealing.seal("words", "totp:1")
    assert sealing.unseal(sealed, "totp:1") == "words"
    assert sealed != sealing.seal("words", "totp:1")
    for text, about in ((sealed, "totp:2"), (sealed[:-6], "totp:1"), ("v1.", "totp:1"), ("?", "totp:1")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(text, about)


def test_removed_app_is_not_asked_for(
    as_: Any, first_proof: Any, app: Annotator, people: SimpleNamespace, secret: str
) -> None:
    assert (
        as_("ann").post(f"{APP}/remove").headers["Location"] == "/account/second-factor?notice=factor-removed"
    )
    assert first_proof("ann").headers["Location"] == "/account"
    assert "factor:removed" in actions(app, people.ann)
    with app.app_context():
        assert db.session.get_one(User, people.ann).email == "ann@example.org"


def test_old_cookie_of_the_step_is_no_session(
    first_proof: Callable[..., Any], client: FlaskClient, secret: str
) -> None:
    first_proof("ann")
    assert client.get("/api/v1/me").status_code == 401


def test_every_change_of_a_factor_is_told_by_mail(mailbox: Any, as_: Any, people: SimpleNamespace) -> None:
    ann = as_("ann")
    add_app(ann)
    ann.post("/account/second-factor/codes")
    ann.post(f"{APP}/remove")
    assert mailbox.subjects("ann@example.org") == ["Your second factor was changed"] * 3
    texts = [mail.get_content() for mail in mailbox.mails("ann@example.org")]
    told = ("app was set up", "New recovery codes were made", "app was removed")
    assert [words in text for words, text in zip(told, texts, strict=True)] == [True] * 3


def test_administrator_taking_factors_away_is_told_by_mail(
    mailbox: Any, as_: Any, inside: Any, people: SimpleNamespace
) -> None:
    add_app(as_("ann"))
    with inside() as session:
        reset_factors(session, session.get_one(User, people.ann), actor=people.cleo)
    assert "An administrator removed all second factors" in mailbox.mails("ann@example.org")[-1].get_content()
