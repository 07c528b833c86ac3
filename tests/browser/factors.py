"""Second factors in a browser: a device that keeps passkeys, and people who are in the middle of something."""

from typing import Any

from browser.team import PASSWORD, People
from playwright.sync_api import Locator, Page
from sqlalchemy import select

from annotator.accounts import totp
from annotator.accounts.models import LoginSession, User
from annotator.accounts.proof_models import Passkey, RecoveryCode, StepKind, TotpFactor
from annotator.accounts.queries import by_email
from annotator.accounts.sealing import seal
from annotator.accounts.secret_values import digest
from annotator.accounts.sessions import COOKIE
from annotator.accounts.steps import begin_step
from annotator.columns import new_id, now
from annotator.database import db

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def add_device(page: Page) -> Any:
    """Give the page a device that keeps passkeys and whose holder always touches it; gives the protocol's session."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return protocol


def add_person(staff: People, name: str) -> str:
    """Add a person of one's own with the usual password; gives the e-mail address."""
    email = staff.email(f"{name}-{new_id()[-6:]}")
    staff.commands("user", "add", email, "--name", name.title(), "--password-stdin", typed=f"{PASSWORD}\n")
    return email


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is on what is wanted, and fail when it never gets there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {wanted}")


def setting_up(staff: People, name: str) -> None:
    """Let the person be in the middle of setting up an app, in each of their sessions."""
    with staff.commands.app.app_context():
        person = db.session.scalars(by_email(staff.email(name))).one()
        for key in list(db.session.scalars(select(LoginSession.id).where(LoginSession.user_id == person.id))):
            totp.begin(db.session, person, key)
        db.commit()


def asked_for_second_factor(staff: People) -> Any:
    """What a browser keeps in which somebody with every kind of factor has given the password."""
    email = add_person(staff, "fay")
    with staff.commands.app.app_context():
        fay = db.session.scalars(by_email(email)).one()
        _give_all(fay)
        data = {"method": "password", "next": "/"}
        value = begin_step(db.session, StepKind.SECOND_FACTOR, user_id=fay.id, data=data)
        db.commit()
    about = {"domain": "127.0.0.1", "path": "/", "secure": True, "httpOnly": True, "sameSite": "Lax"}
    return {"cookies": [{"name": COOKIE, "value": value, "expires": -1, **about}], "origins": []}


def _give_all(person: User) -> None:
    mine = {"user_id": person.id, "created_at": now()}
    secret = seal("A" * 32, f"totp:{person.id}")
    key = {"credential_id": new_id(), "public_key": "a2V5", "sign_count": 0, "name": "Key"}
    db.session.add_all(
        [
            TotpFactor(secret=secret, last_step=0, confirmed_at=now(), **mine),
            RecoveryCode(id=new_id(), code_hash=digest(new_id()), **mine),
            Passkey(id=new_id(), transports=[], backed_up=False, **key, **mine),
        ]
    )
