"""Mail: what is sent, over what, and what stays out of headers and logs."""

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from mailserver import Mailbox, MailServer

from annotator import mailing
from annotator.app import Annotator
from annotator.config import ConfigError, Settings, read_settings
from annotator.database import db

BY_MAIL = {"mail_from": "annotator@example.org", "base_url": "https://desk.example.org"}


def send(app: Annotator, to: str = "ann@example.org", subject: str = "News", **more: Any) -> None:
    with app.app_context():
        mailing.send(to, subject, "Good morning.\n", **more)
        db.session.connection()
        db.commit()


def use(app: Annotator, monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **BY_MAIL, **settings))


def test_a_mail_arrives_as_plain_text(app: Annotator, mailbox: Mailbox) -> None:
    send(app)
    mail = mailbox.mails("ann@example.org")[0]
    assert (mail["From"], mail["Subject"]) == ("Annotator <annotator@example.org>", "News")
    assert (mail.get_content_type(), mail.get_content()) == ("text/plain", "Good morning.\r\n")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_nothing_leaves_before_the_change_is_kept(app: Annotator, mailbox: Mailbox) -> None:
    with app.app_context():
        mailing.send("ann@example.org", "News", "Good morning.")
        db.rollback()
        db.commit()
    assert mailbox.mails("ann@example.org") == []


def test_without_a_mail_server_nothing_is_sent(app: Annotator) -> None:
    with app.app_context():
        mailing.send("ann@example.org", "News", "Good morning.")
        assert db.session.info == {}


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("place", ["to", "subject"])
def test_no_line_break_makes_another_header(
    app: Annotator, mailbox: Mailbox, place: str, break_: str
) -> None:
    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|invalid"):
        send(app, **{place: f"ann@example.org{break_}Bcc: eve@example.org"})
    mailbox.wait()
    assert mailbox.server.messages == []


def test_what_comes_of_it_is_told(app: Annotator, mailbox: Mailbox) -> None:
    told: list[bool] = []
    send(app, then=told.append)
    mailbox.wait()
    mailbox.server.refuses = True
    send(app, then=told.append)
    mailbox.wait()
    assert told == [True, False]


def test_a_failure_is_logged_without_the_address(
    app: Annotator, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.server.refuses = True
    send(app)
    mailbox.wait()
    assert "a mail could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "ann@example.org" not in caplog.text


def test_a_mail_server_that_is_down_stops_nobody(app: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    use(app, monkeypatch, smtp_url="smtp://127.0.0.1:9")
    told: list[bool] = []
    send(app, then=told.append)
    app.extensions[mailing.OUTBOX].submit(lambda: None).result(20)
    assert told == [False]


def test_work_that_fails_is_logged_by_its_kind_alone(
    app: Annotator, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("ann@example.org")

    with app.app_context(), pytest.raises(ValueError, match="ann"):
        mailing.later(fail).result(20)
    app.extensions[mailing.OUTBOX].submit(lambda: None).result(20)
    assert "work after a request failed: ValueError" in caplog.text
    assert "ann@example.org" not in caplog.text


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS whose certificate this process trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_smtps_speaks_tls_from_the_start_and_signs_in(
    app: Annotator, monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext
) -> None:
    with MailServer(tls, wrapped=True) as server:
        use(app, monkeypatch, smtp_url=f"smtps://desk:p%40ss@{server.host}")
        send(app)
        assert len(Mailbox(app, server).mails("ann@example.org")) == 1
        assert server.names == ["desk"]


def test_smtp_to_another_machine_starts_tls(
    app: Annotator, monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext
) -> None:
    monkeypatch.setattr("annotator.mailing._on_this_machine", lambda host: False)
    with MailServer(tls) as server:
        use(app, monkeypatch, smtp_url=f"smtp://{server.host}")
        send(app)
        assert len(Mailbox(app, server).mails("ann@example.org")) == 1
        assert server.wrapped


def test_smtp_to_another_machine_without_tls_sends_nothing(
    app: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.mailing._on_this_machine", lambda host: False)
    with MailServer() as server:
        use(app, monkeypatch, smtp_url=f"smtp://{server.host}")
        send(app)
        assert Mailbox(app, server).mails("ann@example.org") == []


def test_a_certificate_that_nobody_trusts_sends_nothing(
    app: Annotator, monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with MailServer(tls, wrapped=True) as server:
        use(app, monkeypatch, smtp_url=f"smtps://{server.host}")
        send(app)
        assert Mailbox(app, server).mails("ann@example.org") == []


@pytest.mark.parametrize(("host", "here"), [("localhost", True), ("127.0.0.1", True), ("mail.test", False)])
def test_only_this_machine_is_spoken_to_in_clear(host: str, here: bool) -> None:
    assert mailing._on_this_machine(host) is here


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"smtp_url": "mail.example.org"}, "SMTP_URL must begin with"),
        ({"smtp_url": "smtp://"}, "SMTP_URL must begin with"),
        ({"smtp_url": "smtp://mail.example.org:99999"}, "SMTP_URL must begin with"),
        ({"mail_from": "nobody"}, "MAIL_FROM"),
        ({"mail_from": "a@example.org\nBcc: b@example.org"}, "MAIL_FROM"),
        ({"base_url": ""}, "BASE_URL"),
    ],
)
def test_settings_that_cannot_send_mail_do_not_start(
    tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    right = {"smtp_url": "smtps://mail.example.org", **BY_MAIL}
    assert isinstance(read_settings(str(tmp_path), **right), Settings)
    with pytest.raises(ConfigError, match=said):
        read_settings(str(tmp_path), **{**right, **wrong})
