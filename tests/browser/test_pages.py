"""Every page that a person can open: accessible in both colour schemes, with a title, as narrow as a phone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Literal

import pytest
from browser.factors import asked_for_second_factor, setting_up
from browser.team import People, Team
from playwright.sync_api import Page, expect
from sqlalchemy import update

from annotator.accounts.models import LoginSession
from annotator.accounts.proof_models import EmailChange
from annotator.accounts.queries import by_email
from annotator.accounts.secret_values import digest
from annotator.columns import new_id, now
from annotator.database import db

PHONE = {"width": 380, "height": 800}
# The rule of each page: who opens it, and where it is found.
PAGES = {
    "/": ("eve", "/"),
    "/account": ("eve", "/account"),
    "/account/second-factor": ("eve", "/account/second-factor"),
    "/account/second-factor/app": ("eve", "/account/second-factor/app"),
    "/admin/audit": ("cleo", "/admin/audit"),
    "/admin/health": ("cleo", "/admin/health"),
    "/admin/import": ("cleo", "/admin/import"),
    "/admin/invitations": ("cleo", "/admin/invitations"),
    "/admin/invitations/many": ("cleo", "/admin/invitations/many"),
    "/admin/people": ("cleo", "/admin/people"),
    "/admin/people/<id:user_id>": ("cleo", "/admin/people/{user}"),
    "/admin/policy": ("cleo", "/admin/policy"),
    "/admin/projects": ("cleo", "/admin/projects"),
    "/admin/projects/<id:project_id>": ("cleo", "/admin/projects/{project}"),
    "/annotations/<id:annotation_id>/": ("eve", "/annotations/{claim}/"),
    "/annotations/<id:annotation_id>/dispute": ("eve", "/annotations/{claim}/dispute"),
    "/api/docs": ("eve", "/api/docs"),
    "/articles/<id:article_id>/": ("eve", "/articles/{article}/"),
    "/articles/<id:article_id>/annotations": ("eve", "/articles/{article}/annotations"),
    "/articles/<id:article_id>/details": ("eve", "/articles/{article}/details"),
    "/confirm": ("ben", "/confirm"),
    "/email/<token>": ("", "{email}"),
    "/forgotten": ("", "/forgotten"),
    "/links/<id:link_id>/": ("eve", "/links/{link}/"),
    "/invitation/<token>": ("", "{invitation}"),
    "/login": ("", "/login"),
    "/login/second-factor": ("", "/login/second-factor"),
    "/password/<token>": ("", "{password}"),
    "/projects/<slug:project_slug>/": ("eve", "/projects/{slug}/"),
    "/projects/<slug:project_slug>/articles/new": ("eve", "/projects/{slug}/articles/new"),
    "/projects/<slug:project_slug>/import": ("eve", "/projects/{slug}/import"),
    "/projects/<slug:project_slug>/settings": ("eve", "/projects/{slug}/settings"),
    "/projects/<slug:project_slug>/speakers/": ("eve", "/projects/{slug}/speakers/"),
    "/projects/<slug:project_slug>/speakers/merges": ("eve", "/projects/{slug}/speakers/merges"),
    "/projects/<slug:project_slug>/speakers/new": ("eve", "/projects/{slug}/speakers/new"),
    "/projects/<slug:project_slug>/statements/": ("eve", "/projects/{slug}/statements/"),
    "/projects/<slug:project_slug>/statements/new": ("eve", "/projects/{slug}/statements/new"),
    "/projects/<slug:project_slug>/sources/": ("eve", "/projects/{slug}/sources/"),
    "/projects/<slug:project_slug>/sources/new": ("eve", "/projects/{slug}/sources/new"),
    "/sources/<id:source_id>/": ("eve", "/sources/{source}/"),
    "/sources/<id:source_id>/changes": ("eve", "/sources/{source}/changes"),
    "/sources/<id:source_id>/copies/<id:snapshot_id>": ("eve", "/sources/{source}/copies/{copy}"),
    "/sources/<id:source_id>/edit": ("eve", "/sources/{source}/edit"),
    "/sources/<id:source_id>/history": ("eve", "/sources/{source}/history"),
    "/speakers/<id:speaker_id>/": ("eve", "/speakers/{speaker}/"),
    "/speakers/<id:speaker_id>/dispute": ("eve", "/speakers/{speaker}/dispute"),
    "/speakers/<id:speaker_id>/edit": ("eve", "/speakers/{speaker}/edit"),
    "/speakers/<id:speaker_id>/merge": ("eve", "/speakers/{speaker}/merge"),
    "/statements/<id:statement_id>/": ("eve", "/statements/{statement}/"),
    "/statements/<id:statement_id>/edit": ("eve", "/statements/{statement}/edit"),
}
NO_PAGES = re.compile(r"/api/v1/.*|/static/.*|/login/oidc.*|/healthz|/readyz|/metrics|.*/export|.*\.svg")
MORE = {
    "viewer's article": ("dee", "/articles/{article}/"),
    "viewer's details": ("dee", "/articles/{article}/details"),
    "marked text": ("eve", "/articles/{article}/?view=marks"),
    "merge to confirm": ("eve", "/speakers/{speaker}/merge?into={twin}"),
    "proposer's link": ("ann", "/links/{link}/"),
    "viewer's link": ("dee", "/links/{link}/"),
    "link to a source": ("eve", "/links/{draft}/"),
    "viewer's claim": ("dee", "/annotations/{claim}/"),
    "claim without evidence": ("eve", "/annotations/{bare}/"),
    "dispute without evidence": ("eve", "/annotations/{bare}/dispute"),
    "viewer's speaker": ("dee", "/speakers/{speaker}/"),
    "viewer's source": ("dee", "/sources/{source}/"),
    "source that cannot be had": ("eve", "/sources/{gone}/"),
    "protected source": ("dee", "/sources/{hidden}/"),
    "nothing in the journal": ("cleo", "/admin/audit?person=xylophone"),
    "no source found": ("eve", "/projects/{slug}/sources/?q=xylophone"),
    "nothing found": ("eve", "/projects/{slug}/?q=xylophone"),
    "no such page": ("eve", "/nowhere"),
    "last editor": ("cleo", "/admin/people/{editor}"),
    "people not found": ("cleo", "/admin/people?q=xylophone"),
    "invitations not found": ("cleo", "/admin/invitations?q=xylophone"),
}
READER = {"/articles/{article}/", "/articles/{article}/?view=marks"}
PLACES = PAGES | MORE
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EVERYWHERE = pytest.mark.parametrize("place", PLACES)


@pytest.fixture(scope="module")
def open_place(chromium: Any, staff: People) -> Callable[..., Page]:
    """A function that opens a place, in one project that has something of everything."""
    with _pages(chromium) as open_page:
        team = Team(staff, open_page)
        fill(team)
        names = addresses(team)

    def open_it(new_page: Callable[..., Page], place: str, **options: Any) -> Page:
        who, path = PLACES[place]
        state = staff.state(new_page, who) if who else None
        if path == "/confirm":
            _let_go_stale(staff, who)
        if path.endswith("/second-factor/app"):
            setting_up(staff, who)
        if path == "/login/second-factor":
            state = asked_for_second_factor(staff)
        page = new_page(storage_state=state, expect=("404",), reduced_motion="reduce", **options)
        page.goto(staff.server.url + path.format_map(names))
        expect(page.locator("#cards > .card")).to_have_count(3 if path in READER else 0)
        page.evaluate("document.querySelector('main details')?.setAttribute('open', '')")
        return page

    return open_it


def _let_go_stale(staff: People, who: str) -> None:
    """Let it be an hour since the person proved who they are."""
    with staff.commands.app.app_context():
        person = db.session.scalars(by_email(staff.email(who))).one()
        long_ago = {"authenticated_at": now() - timedelta(hours=1)}
        db.session.execute(update(LoginSession).where(LoginSession.user_id == person.id).values(long_ago))
        db.commit()


def _email_link(staff: People) -> str:
    """A link by which Dee confirms another e-mail address."""
    with staff.commands.app.app_context():
        dee = db.session.scalars(by_email(staff.email("dee"))).one()
        about = {"id": new_id(), "user_id": dee.id, "email": "dora@example.org", "token_hash": digest("link")}
        db.session.add(EmailChange(**about, created_at=now(), expires_at=now() + timedelta(days=1)))
        db.commit()
    return "/email/link"


@contextmanager
def _pages(chromium: Any) -> Iterator[Callable[..., Page]]:
    contexts: list[Any] = []

    def open_page(**options: Any) -> Page:
        contexts.append(chromium.new_context(**options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def fill(team: Team) -> None:
    """Annotations of several kinds, a link, a tag, an assignment."""
    mayor = team.put("speakers", name="Mira Velk")
    claim = team.annotate(
        "It closes the old bridge to lorries.", body="*Closed?*", tags=["bridge"], claimant=mayor["id"]
    )
    team.annotate("the old bridge", kind="wording", by="ben")
    team.annotate("Nobody counted them.", kind="number", state="not_checkable", reason="There is no count.")
    said = team.put(
        "statements", speaker=mayor["id"], quote="It may open again.", said_on="2025-02", medium="interview"
    )
    source = team.put("sources", title="The decree", url="https://example.org/decree", publisher="Town hall")
    for price in (12, 20):
        copy = {"source": source["id"], "text": f"The decree\n\nThe bridge costs {price} million."}
        kept = team.call("PUT", f"/snapshots/{new_id()}", copy)
    team.put("sources", title="Our man", confidentiality="protected")
    gone = team.put("sources", title="Inside", url="http://127.0.0.1/x")
    team.call("PUT", f"/snapshots/{new_id()}", {"source": gone["id"], "fetch": True})
    team.put("statements", speaker=mayor["id"], quote="Never again.", said_on="2022-05-03", tags=["bridge"])
    team.put("speakers", name="M. Velk", also_known_as=["Velk"])
    team.link(claim, "contradicts", statement=said["id"])
    passage = {"snapshot": kept["snapshot"]["id"], "start": 12, "end": 22}
    team.link(claim, "supports", source=source["id"])
    team.link(claim, "context", source=source["id"], passage=passage)


def addresses(team: Team) -> dict[str, str]:
    """What stands for the names in the paths."""
    members = team.call("GET", f"/projects/{team.project}/members")["items"]
    twin, mayor = team.call("GET", f"/projects/{team.project}/speakers")["items"]
    said = team.call("GET", f"/projects/{team.project}/statements?speaker={mayor['id']}")["items"][-1]
    claim = next(one for one in team.annotations() if one["links"])
    gone, hidden, source = team.call("GET", f"/projects/{team.project}/sources")["items"]
    link = team.people.commands("user", "reset-password", team.people.email("dee"))
    guest = team.people.commands("invite", "add", f"{team.slug}@example.org", "--role", f"{team.slug}:viewer")
    return {
        "slug": team.slug,
        "project": team.project,
        "article": team.article["id"],
        "claim": claim["id"],
        "link": claim["links"][0]["id"],
        "draft": claim["links"][1]["id"],
        "bare": team.annotations()[-1]["id"],
        "speaker": mayor["id"],
        "twin": twin["id"],
        "statement": said["id"],
        "source": source["id"],
        "copy": source["newest"]["snapshot"],
        "gone": gone["id"],
        "hidden": hidden["id"],
        "user": next(one["person"]["id"] for one in members if one["person"]["name"] == "Ben"),
        "editor": next(one["person"]["id"] for one in members if one["role"] == "editor"),
        "email": _email_link(team.people),
        "password": link[link.index("/password/") :],
        "invitation": guest[guest.index("/invitation/") :],
    }


def test_every_page_has_a_row_here(staff: People) -> None:
    rules = {rule.rule for rule in staff.commands.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {rule for rule in rules if not NO_PAGES.fullmatch(rule)} == set(PAGES)


@EVERYWHERE
def test_page_has_a_title_and_no_accessibility_violation_in_light_and_dark(
    open_place: Callable[..., Page], new_page: Callable[..., Page], axe: Callable[..., None], place: str
) -> None:
    page = open_place(new_page, place)
    expect(page).to_have_title(re.compile(r"\S.* · Annotator"))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        axe(page)


@EVERYWHERE
def test_page_fits_a_phone(
    open_place: Callable[..., Page], new_page: Callable[..., Page], axe: Callable[..., None], place: str
) -> None:
    page = open_place(new_page, place, viewport=PHONE, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)
