"""A mail server on loopback for the tests: SMTP, with STARTTLS or TLS from the start, that keeps what it is given."""

import re
import socketserver
import ssl
from base64 import b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from types import TracebackType
from typing import Any, Self, cast

from annotator.app import Annotator
from annotator.mailing import OUTBOX


class Session(socketserver.StreamRequestHandler):
    """One conversation (RFC 5321)."""

    server: "MailServer"

    def handle(self) -> None:
        """Answer command by command."""
        self.say("220 mail.test")
        self.to: list[str] = []
        while raw := self.rfile.readline():
            verb = raw.strip().upper()
            if verb == b"STARTTLS":
                self.say("220 go on")
                self.start_tls()
            elif verb == b"DATA":
                self.take()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.answer(raw.strip()))

    def answer(self, command: bytes) -> str:
        """Give the answer to one command of a line."""
        self.server.commands.append(command.decode())
        verb = command[:4].upper()
        if verb == b"EHLO":
            more = [] if self.server.wrapped or not self.server.tls else ["STARTTLS"]
            lines = ["mail.test", *more, "AUTH PLAIN", "SMTPUTF8"]
            return "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)
        if verb == b"AUTH":
            self.server.names.append(b64decode(command.split()[-1]).split(b"\0")[1].decode())
            return "235 welcome"
        if verb == b"RCPT":
            self.to.append(command.decode().partition("<")[2].partition(">")[0])
            return "550 nobody of that name" if self.server.refuses else "250 fine"
        return "250 fine"

    def take(self) -> None:
        """Keep the message that follows."""
        self.say("354 go on")
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw.removeprefix(b".") if raw.startswith(b"..") else raw)
        message = cast(EmailMessage, message_from_bytes(b"".join(lines), policy=default))
        self.server.messages.append((self.to, message))
        self.say("250 kept")

    def start_tls(self) -> None:
        """Go on under TLS."""
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), cast(Any, self.connection.makefile("wb", 0))
        self.server.wrapped = True

    def finish(self) -> None:
        """Close what the conversation used, TLS included."""
        super().finish()
        self.connection.close()

    def say(self, line: str) -> None:
        """Send one answer."""
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """The server; `messages` are (recipients, message), `names` who signed in, `refuses` makes it take nobody."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None, *, wrapped: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.tls, self.wrapped, self.refuses = tls, wrapped, False
        self.messages: list[tuple[list[str], EmailMessage]] = []
        self.commands: list[str] = []
        self.names: list[str] = []
        if tls is not None and wrapped:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def host(self) -> str:
        """Where it listens, for SMTP_URL."""
        return f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class Mailbox:
    """The mails of one application, once its sending thread has nothing left to do."""

    def __init__(self, app: Annotator, server: MailServer) -> None:
        self.app, self.server = app, server

    def wait(self) -> None:
        """Wait until everything that was handed over is sent, and what sending handed over in turn."""
        for _ in range(2):
            if OUTBOX in self.app.extensions:
                self.app.extensions[OUTBOX].submit(lambda: None).result(20)

    def mails(self, to: str) -> list[EmailMessage]:
        """Give the mails that went to this address."""
        self.wait()
        return [message for recipients, message in self.server.messages if recipients == [to]]

    def subjects(self, to: str) -> list[str]:
        """Give the subjects of the mails that went to this address."""
        return [message["Subject"].removeprefix("Annotator: ") for message in self.mails(to)]

    def link(self, to: str) -> str:
        """Give the path of the link in the newest mail to this address."""
        text = self.mails(to)[-1].get_content()
        found = re.search(r"https://desk\.example\.org(/\S+)", text)
        assert found is not None
        return found[1]
