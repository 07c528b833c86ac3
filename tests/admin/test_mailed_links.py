"""Where the site sends mail, links go out by mail and stand on no page."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from mailserver import Mailbox
from sqlalchemy import select

from annotator import mailing
from annotator.accounts.proof_models import Invitation
from annotator.admin import invitations as admin_invitations
from annotator.app import Annotator
from annotator.database import db

HOME = "/admin/invitations"


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """The mails that would have gone out."""
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mailing, "possible", lambda: True)
    monkeypatch.setattr(mailing, "send", lambda to, subject, text, **_: sent.append((to, subject, text)))
    return sent


def test_invitation_is_mailed_and_not_shown(app: Annotator, as_: Any, outbox: list[Any]) -> None:
    answer = as_("cleo").post(HOME, data={"email": "fay@example.org", "name": "Fay"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}?notice=invitation-mailed")
    to, subject, text = outbox[0]
    assert (to, subject) == ("fay@example.org", "Cleo invites you to Annotator")
    assert "Hello Fay," in text
    assert "http://localhost/invitation/" in text


def sent_at(app: Annotator) -> datetime | None:
    with app.app_context():
        return db.session.scalars(select(Invitation)).one().sent_at


def test_invitation_counts_as_mailed_once_the_mail_left(app: Annotator, as_: Any, mailbox: Mailbox) -> None:
    cleo = as_("cleo")
    cleo.post(HOME, data={"email": "fay@example.org"})
    assert mailbox.subjects("fay@example.org") == ["Cleo invites you to Annotator"]
    assert sent_at(app) is not None
    assert "Not sent by mail" not in cleo.get(HOME).text


def test_invitation_whose_mail_was_refused_is_told_as_not_sent(
    app: Annotator, as_: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.server.refuses = True
    cleo = as_("cleo")
    cleo.post(HOME, data={"email": "fay@example.org"})
    mailbox.wait()
    assert sent_at(app) is None
    assert "On its way by mail" in cleo.get(HOME).text
    monkeypatch.setattr(admin_invitations, "ON_ITS_WAY", timedelta(0))
    assert "Not sent by mail. Send it again" in cleo.get(HOME).text


def test_list_is_mailed_to_each(as_: Any, outbox: list[Any]) -> None:
    cleo, text = as_("cleo"), "email\nfay@example.org\ngus@example.org\n"
    page = cleo.post(f"{HOME}/many", data={"text": text}).text
    mark = page.partition('name="mark" value="')[2].partition('"')[0]
    answer = cleo.post(f"{HOME}/many", data={"text": text, "mark": mark})
    assert answer.headers["Location"] == f"{HOME}?notice=invitations-mailed"
    assert [mail[0] for mail in outbox] == ["fay@example.org", "gus@example.org"]


def test_password_link_is_mailed_and_not_shown(as_: Any, people: SimpleNamespace, outbox: list[Any]) -> None:
    answer = as_("cleo").post(f"/admin/people/{people.ann}/link")
    assert answer.headers["Location"] == f"/admin/people/{people.ann}?notice=link-mailed"
    assert (outbox[0][0], "/password/" in outbox[0][2], "24 hours" in outbox[0][2]) == (
        "ann@example.org",
        True,
        True,
    )


def test_links_for_several_are_mailed_and_the_page_says_so(
    as_: Any, people: SimpleNamespace, outbox: list[Any]
) -> None:
    form = {"action": "link", "person": [people.ann, people.dan], "sure": "true"}
    page = as_("cleo").post("/admin/people/bulk", data=form).text
    assert ("on its way by mail" in page, "/password/" in page) == (True, False)
    assert [mail[0] for mail in outbox] == ["ann@example.org"]
