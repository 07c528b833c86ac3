"""Mail: written in the request, sent afterwards by a thread of the process, so that nobody waits or can time it.

Without `SMTP_URL` nothing is sent, and pages say what to do instead. Nothing here logs an address or a text.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import Flask, current_app

from annotator.config import Settings
from annotator.database import after_commit, db

log = logging.getLogger(__name__)
SECONDS, TRYING = 20, 5
PORTS = {"smtp": 587, "smtps": 465}
OUTBOX = "annotator.outbox"


def possible() -> bool:
    """Tell whether this site can send mail."""
    return bool(_settings().smtp_url)


def send(to: str, subject: str, text: str, *, then: Callable[[bool], None] | None = None) -> None:
    """Send plain text to one address once the request's transaction is kept; without a mail server do nothing.

    `then` is told in the sending thread, within the app's context, whether the server took the mail. ValueError
    for a line break in `to` or `subject`.
    """
    if not possible():
        return
    message = _written(to, subject, text)
    after_commit(db.session, lambda: later(lambda: _deliver(message, then)))


def later(work: Callable[[], None]) -> "Future[None]":
    """Run `work` in the sending thread, within the app's context: what must not be seen in a request's time."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    outbox = app.extensions.get(OUTBOX)
    if outbox is None:  # made in the process that sends: a thread does not survive a fork
        outbox = app.extensions.setdefault(OUTBOX, ThreadPoolExecutor(1, thread_name_prefix="mail"))
    future: Future[None] = outbox.submit(_within, app, work)
    future.add_done_callback(_note_failure)
    return future


def link_to(path: str) -> str:
    """Give the whole address of one of our pages, for a mail: from BASE_URL alone, never as a request names us."""
    return _settings().base_url.rstrip("/") + path


def _within(app: Flask, work: Callable[[], None]) -> None:
    with app.app_context():
        work()


def _note_failure(future: "Future[None]") -> None:
    """Log what kind of error it was; its text may name people."""
    if (error := future.exception()) is not None:
        log.error("work after a request failed: %s", type(error).__name__)


def _written(to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    sender = _settings().mail_from
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >") or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _deliver(message: EmailMessage, then: Callable[[bool], None] | None) -> None:
    sent = True
    try:
        _hand_over(message, urlsplit(_settings().smtp_url))
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        code = getattr(error, "smtp_code", "")
        log.error("a mail could not be sent: %s %s", type(error).__name__, code)
        sent = False
    if then is not None:
        then(sent)


def _hand_over(message: EmailMessage, url: SplitResult) -> None:
    with _opened(url, SECONDS) as client:
        client.send_message(message)


@contextmanager
def _opened(url: SplitResult, seconds: float) -> Iterator[Any]:
    """Give a client that the mail server has let in; OSError or SMTPException when it does not."""
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    trust = ssl.create_default_context()
    client: Any = (
        smtplib.SMTP_SSL(host, port, timeout=seconds, context=trust)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=seconds)
    )
    with client:
        if url.scheme == "smtp" and not _on_this_machine(host):
            client.starttls(context=trust)
        if url.username:
            client.login(unquote(url.username), unquote(url.password or ""))
        yield client


def trouble(settings: Settings) -> str:
    """Give the kind of error that keeps mail from being sent, nothing when the server lets us in."""
    try:
        with _opened(urlsplit(settings.smtp_url), TRYING):
            return ""
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return type(error).__name__


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
