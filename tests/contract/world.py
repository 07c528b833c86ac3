"""Two projects with one of everything in each, the same people, and every way to come in: for tests over all routes.

Ann, Ben, Eve, Dee and Dan belong to the desk; Olga is a stranger there and the editor of the other project.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from factories import TEXT, SignedIn, make_people, make_project, sign_in
from sqlalchemy import func, select, update

from annotator.accounts.invitations import invite
from annotator.accounts.models import LoginSession, SignInTry, User
from annotator.accounts.operations import make_password_link, make_token
from annotator.accounts.proof_models import (
    EmailChange,
    ExternalIdentity,
    Invitation,
    InvitationRole,
    KnownDevice,
    Passkey,
    RecoveryCode,
    SignInStep,
    SitePolicy,
    TotpFactor,
)
from annotator.accounts.secret_values import digest
from annotator.app import Annotator
from annotator.articles.models import Assignee
from annotator.columns import new_id, now
from annotator.database import Model, db
from annotator.identity import Scope
from annotator.journal.models import EventSeal
from annotator.limits import RateCount
from annotator.links.models import Link
from annotator.projects.models import Membership, Project
from annotator.sources.models import Source, SourceCheck, SourceReader
from annotator.statements.models import SpeakerMerge

WORDS = "We will never sell the harbour."
HTTP = "/api/v1"
TOKENS = (("eve", "read"), ("eve", "write"), ("cleo", "write"), ("cleo", "admin"))


def put(client: SignedIn, things: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Create a thing under a new id; gives it as the API does."""
    answer = client.put(f"{HTTP}/{things}/{new_id()}", json=dict(body))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def span(words: str = WORDS) -> dict[str, Any]:
    """A span over words of the usual text."""
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "exact": words}


def annotation(article: Mapping[str, Any], words: str = WORDS, **more: Any) -> dict[str, Any]:
    """The body of a new claim about the usual text."""
    about = {"article": article["id"], "snapshot": article["snapshot"], "kind": "claim"}
    return {**about, "spans": [span(words)], **more}


def fill(client: SignedIn, project: str) -> dict[str, str]:
    """One of everything in a project, live and deleted: ids by name."""
    article = put(client, "articles", {"project": project, "text": TEXT, "title": "The harbour"})
    gone_article = put(client, "articles", {"project": project, "text": "Gone.", "title": "Gone"})
    speaker = put(client, "speakers", {"project": project, "name": "The mayor"})
    source = put(client, "sources", {"project": project, "title": "Minutes", "url": "https://example.org/m"})
    free_source = put(client, "sources", {"project": project, "title": "Unused"})
    gone_source = put(client, "sources", {"project": project, "title": "Gone"})
    for words in ("The harbour is public.", "The harbour is sold."):
        copy = put(client, "snapshots", {"source": source["id"], "text": words})["snapshot"]
    said = {"project": project, "speaker": speaker["id"], "quote": "It is yours.", "source": source["id"]}
    statement = put(client, "statements", {**said, "said_on": "2024-03", "tags": ["harbour"]})
    gone_statement = put(client, "statements", {**said, "quote": "It never was."})
    free_statement = put(client, "statements", {**said, "quote": "Nobody quotes this."})
    twin = put(client, "speakers", {"project": project, "name": "The harbour master"})
    merged = put(client, "speakers", {"project": project, "name": "The master of the harbour"})
    claim = put(client, "annotations", annotation(article, claimant=speaker["id"], tags=["harbour"]))
    other = put(client, "annotations", annotation(article, "Nobody answered.", kind="note"))
    gone = put(client, "annotations", annotation(article, "Ministers met", kind="note"))
    near = {"annotation": claim["id"], "relation": "contradicts"}
    passage = {"snapshot": article["snapshot"], **span("Nobody answered.")}
    link = put(client, "links", {**near, "target": other["id"], "passage": passage})
    put(client, "links", {**near, "statement": statement["id"]})
    gone_link = put(client, "links", {**near, "source": source["id"]})
    merging = client.change("POST", f"{HTTP}/speakers/{merged['id']}/merge", {"into": twin["id"]}, version=1)
    assert merging.status_code == 200, merging.json
    paths = [
        ("articles", gone_article),
        ("annotations", gone),
        ("links", gone_link),
        ("sources", gone_source),
    ]
    paths += [("statements", gone_statement)]
    for things, row in paths:
        assert client.change("DELETE", f"{HTTP}/{things}/{row['id']}", version=1).status_code == 204
    named = {
        "article": article, "gone_article": gone_article, "speaker": speaker, "source": source, "link": link,
        "statement": statement, "annotation": claim, "target": other, "gone_annotation": gone, "gone_link": gone_link,
        "gone_statement": gone_statement, "free_statement": free_statement, "twin": twin, "merged_speaker": merged,
        "free_source": free_source, "gone_source": gone_source, "copy": copy,
    }  # fmt: skip
    return {"project": project, "snapshot": article["snapshot"]} | {
        name: row["id"] for name, row in named.items()
    }


def from_elsewhere(file: bytes) -> bytes:
    """The file as another installation would give it: of another project, with other ids."""
    body = file[: file.rindex(b',\n"sha256"')].replace(b'"01', b'"02').replace(b'"desk"', b'"third"')
    return body + b',\n"sha256":"' + sha256(body).hexdigest().encode() + b'"}\n'


class World:
    """The app with both projects in it: `desk` and `other` hold ids by name, `tokens` are named `person:scope`."""

    def __init__(self, app: Annotator, file: Path | None = None) -> None:
        self.app, self._file, self._kept = app, file, b""
        self.clients: dict[str, Any] = {}
        self.tokens: dict[str, str] = {}
        self.token_ids: dict[str, str] = {"dan": new_id()}
        self.password_link = self.invitation = self.invitation_link = ""
        with app.app_context():
            self.people = make_people(db.session)
            desk, other = (make_project(db.session, self.people, slug) for slug in ("desk", "other"))
            for member in db.session.scalars(select(Membership).where(Membership.project_id == other.id)):
                db.session.delete(member)
            row = db.session.get_one(Project, other.id)
            about = {"user_id": self.people.olga, "role": "editor", "created_at": row.created_at}
            db.session.add(Membership(project_id=other.id, **about))
            db.commit()
        self._let_in()
        self.desk = {**fill(self.clients["eve"], desk.id), "slug": desk.slug}
        with app.app_context():
            db.session.add(Assignee(article_id=self.desk["article"], user_id=self.people.ann))
            db.session.add(SignInTry(id=new_id(), key="address:test", at=now()))
            self._add_evidence()
            self._add_access()
            db.commit()
        self.other = {**fill(self.clients["olga"], other.id), "slug": other.slug}
        self.files = {
            name: self.client("eve").get(f"{HTTP}/{name}s/{self.desk[name]}/export").data
            for name in ("project", "article")
        }
        self.files["elsewhere"] = from_elsewhere(self.files["project"])
        self.keep()

    def _add_evidence(self) -> None:
        """What no single request makes: a protected source, a look that found nothing, a decided contradiction."""
        about = {"project_id": self.desk["project"], "created_at": now(), "updated_at": now()}
        hidden = Source(id=new_id(), title="Our man", confidentiality="protected", **about)
        db.session.add(hidden)
        db.session.flush()
        decided = {"contradiction_state": "accepted", "decided_by_id": self.people.ben, "decided_at": now()}
        # beside the ORM, so that the link keeps its first version, as everything else here
        db.session.execute(update(Link).where(Link.id == self.desk["link"]).values(decided))
        looked = {"project_id": self.desk["project"], "at": now(), "by_id": self.people.ann}
        db.session.add(SourceReader(source_id=hidden.id, user_id=self.people.ann))
        db.session.add(SourceCheck(id=new_id(), source_id=self.desk["source"], outcome="gone", **looked))
        nothing = {"statements": [], "annotations": [], "names": [], "same_as": ""}
        both = {"kept_id": self.desk["twin"], "merged_id": self.desk["speaker"], "moved": nothing}
        made = {"made_by_id": self.people.ann, "undone_by_id": self.people.ann}
        made |= {"made_at": now(), "undone_at": now(), "project_id": self.desk["project"]}
        db.session.add(SpeakerMerge(id=new_id(), **both, **made))

    def _add_access(self) -> None:
        """What people prove themselves by, an open invitation, the site's policy, a sealed line, a counted try."""
        ann, cleo, at = self.people.ann, self.people.cleo, now()
        mine = {"user_id": ann, "created_at": at}
        db.session.add_all(
            [
                SignInStep(id=new_id(), token_hash="1" * 64, kind="passkey", expires_at=at, created_at=at),
                TotpFactor(secret="sealed", last_step=0, **mine),
                RecoveryCode(id=new_id(), code_hash="2" * 64, **mine),
                Passkey(
                    id=new_id(),
                    credential_id="Y3JlZA",
                    public_key="a2V5",
                    sign_count=0,
                    name="Key",
                    transports=[],
                    backed_up=False,
                    **mine,
                ),
                KnownDevice(id=new_id(), token_hash="3" * 64, device="Firefox", last_used_at=at, **mine),
                EmailChange(id=new_id(), token_hash="4" * 64, email="new@example.org", expires_at=at, **mine),
                ExternalIdentity(id=new_id(), issuer="https://id.example.org", subject="ann", **mine),
                RateCount(key="test", ends=1, count=1),
                EventSeal(number=1, hash="5" * 64),
            ]
        )
        made = {"created_at": at, "updated_at": at, "created_by_id": cleo, "updated_by_id": cleo}
        db.session.add(SitePolicy(id=new_id(), second_factor_for=[], **made))
        asked = {"is_admin": False, "expires_at": at, **made}
        invitation = Invitation(id=new_id(), email="fay@example.org", token_hash="6" * 64, **asked)
        taken = {"email": "ann@example.org", "token_hash": "7" * 64, "accepted_at": at, "user_id": ann}
        self.invitation = invitation.id
        db.session.add_all([invitation, Invitation(id=new_id(), **taken, **asked)])
        db.session.flush()
        role = {"project_id": self.desk["project"], "role": "reviewer"}
        db.session.add(InvitationRole(invitation_id=invitation.id, **role))
        _, self.invitation_link = invite(db.session, email="hal@example.org", actor=cleo)

    def _let_in(self) -> None:
        for name in vars(self.people):
            self.clients[name] = sign_in(self.app, getattr(self.people, name))
        with self.app.app_context():
            for person, scope in TOKENS:
                self.tokens[f"{person}:{scope}"] = self._token(person, Scope(scope)).value
            for person in set(vars(self.people)) - {"dan"}:
                self.token_ids[person] = self._token(person, Scope.READ).id
            ben = db.session.get_one(User, self.people.ben)
            self.password_link = make_password_link(db.session, ben, actor=None)
            db.commit()

    def _token(self, person: str, scope: Scope) -> SimpleNamespace:
        user = db.session.get_one(User, getattr(self.people, person))
        row, value = make_token(db.session, user, name="test", scope=scope, actor=user.id)
        return SimpleNamespace(id=row.id, value=value)

    def session_of(self, name: str) -> str:
        """The id of the session a person comes in with."""
        with self.app.app_context():
            query = select(LoginSession.id).where(LoginSession.token_hash == digest(self._cookie(name)))
            return str(db.session.scalar(query))

    def _cookie(self, name: str) -> str:
        return str(self.clients[name].get_cookie("__Host-annotator").value)

    def client(self, name: str) -> SignedIn:
        """A fresh client of `ann`, of `nobody`, or one that sends a bearer token: `eve:read`."""
        client = SignedIn(self.app, self.app.response_class)
        if name in self.tokens:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[name]}"
        elif name != "nobody":
            client.token = self.clients[name].token
            client.set_cookie("__Host-annotator", self._cookie(name))
        return client

    def own(self, name: str) -> dict[str, str]:
        """What belongs to a person alone, as ids for a path: the session they came in with, an API token, a passkey."""
        if name == "nobody" or name in self.tokens:
            return {}
        return {"session": self.session_of(name), "token": self.token_ids[name], **self._passkey_of(name)}

    def _passkey_of(self, name: str) -> dict[str, str]:
        with self.app.app_context():
            found = db.session.scalar(select(Passkey.id).where(Passkey.user_id == getattr(self.people, name)))
            return {"passkey": found} if found else {}

    def keep(self) -> None:
        """Take how it is now for what `restore` brings back."""
        if self._file is not None:
            self._dispose()
            self._kept = self._file.read_bytes()

    def _dispose(self) -> None:
        self.app.extensions["annotator.database"].engine.dispose()

    def restore(self) -> None:
        """Bring the SQLite file back to how it was when the world was made."""
        assert self._file is not None
        self._dispose()
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        self._file.write_bytes(self._kept)

    def counts(self) -> dict[str, int]:
        """The number of rows in every table, but for what merely passing by leaves."""
        passing = {"sign_in_tries", "login_sessions", "events"}
        tables = [table for name, table in Model.metadata.tables.items() if name not in passing]
        with self.app.app_context():
            rows = {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in tables}
            return {name: count or 0 for name, count in rows.items()}

    def events(self) -> list[SimpleNamespace]:
        """The lines of the journal, in order."""
        events = Model.metadata.tables["events"]
        with self.app.app_context():
            found = db.session.execute(select(events).order_by(events.c.number)).mappings()
            return [SimpleNamespace(**row) for row in found]
