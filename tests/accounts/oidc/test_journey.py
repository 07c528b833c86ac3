"""The whole journey over HTTP: the program as it is started, and a real provider that is none of ours."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from accounts.oidc.real import Walker, change_person, real_provider
from running import RunningServer

NORA = {"sub": "nora-1", "email": "nora@example.org", "name": "Nora", "groups": ["fact-desk"]}
CHIEF = {"sub": "chief-1", "email": "chief@example.org", "name": "Chief", "groups": ["chiefs"]}
STRANGER = {"sub": "stranger-1", "email": "stranger@example.org", "name": "Stranger", "groups": []}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A new installation that signs people in through the provider; its project desk is ruled by groups."""
    with real_provider(NORA, CHIEF, STRANGER) as issuer:
        settings = {
            "ANNOTATOR_OIDC_ISSUER": issuer,
            "ANNOTATOR_OIDC_CLIENT_ID": "annotator",
            "ANNOTATOR_OIDC_CLIENT_SECRET": "a secret of the tests",
            "ANNOTATOR_OIDC_NAME": "Newsroom",
            "ANNOTATOR_OIDC_ROLES": "fact-desk=desk:reviewer, leads=desk:editor",
            "ANNOTATOR_OIDC_ADMIN_GROUP": "chiefs",
        }
        server = RunningServer(tmp_path_factory.mktemp("oidc") / "instance", settings=settings)
        server.start()
        server.run("project", "add", "Desk", "--slug", "desk")
        yield SimpleNamespace(server=server, issuer=issuer)
        server.stop()


@pytest.fixture
def walker(site: SimpleNamespace) -> Walker:
    """Somebody with a browser that nobody is signed in with."""
    return Walker(site.server.url)


def test_a_new_person_of_a_mapped_group_signs_in_and_reviews(walker: Walker) -> None:
    page = walker.sign_in("nora-1")
    assert (page.status_code, page.url) == (200, f"{walker.site}/account")
    assert "Nora, nora@example.org" in page.text
    assert walker.open(f"{walker.site}/projects/desk/").status_code == 200


def test_the_groups_of_today_count_at_the_next_sign_in(site: SimpleNamespace, walker: Walker) -> None:
    found = []
    for groups in (["fact-desk"], ["leads"], []):
        change_person(site.issuer, {**NORA, "groups": groups})
        fresh = Walker(walker.site)
        fresh.sign_in("nora-1")
        pages = (f"{walker.site}/projects/desk/", f"{walker.site}/projects/desk/settings")
        found.append([fresh.open(page).status_code for page in pages])
    change_person(site.issuer, NORA)
    assert found == [[200, 403], [200, 200], [404, 404]]


def test_a_person_of_the_group_of_administrators_is_one(walker: Walker) -> None:
    walker.sign_in("chief-1")
    assert walker.open(f"{walker.site}/admin/people").status_code == 200


def test_somebody_unknown_is_told_what_to_do(walker: Walker) -> None:
    page = walker.sign_in("stranger-1")
    assert page.status_code == 403
    assert "Newsroom knows you, but you have no account here" in page.text


def test_who_says_no_at_the_provider_comes_back_to_a_page(walker: Walker) -> None:
    form = walker.follow(walker.open(f"{walker.site}/login/oidc"))
    page = walker.follow(walker.open(form.url, action="deny"))
    assert page.status_code == 403
    assert "Newsroom did not let you in" in page.text


def test_confirming_goes_through_the_provider_and_comes_back(walker: Walker) -> None:
    token = walker.sign_in("nora-1").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    page = walker.open(f"{walker.site}/login/oidc/confirm", next="/account", kept="", csrf_token=token)
    address = page.text.partition("0; url=")[2].partition('"')[0].replace("&amp;", "&")
    before = dict(walker.cookies[walker.site])
    done = walker.follow(walker.open(address, sub="nora-1"))
    assert (done.status_code, done.url) == (200, f"{walker.site}/account")
    assert walker.cookies[walker.site]["__Host-annotator"] != before["__Host-annotator"]


def test_the_way_out_leads_to_the_providers_page(site: SimpleNamespace, walker: Walker) -> None:
    answer = walker.open(f"{walker.site}/login/oidc/sign-out")
    assert answer.headers["Location"].startswith(f"{site.issuer}/oauth2/end_session?client_id=annotator")


def test_the_log_holds_no_address_no_code_and_no_token(site: SimpleNamespace, walker: Walker) -> None:
    walker.sign_in("nora-1")
    Walker(walker.site).sign_in("stranger-1")
    log = site.server.log.read_text()
    words = ("nora@example.org", "stranger", "code=", "state=", "eyJ", "a secret of the tests")
    assert [word for word in words if word in log] == []
    assert "single sign-on refused: unknown person" in log
