"""A list of people to invite: read, shown line by line, done as a whole."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from annotator.accounts.proof_models import Invitation
from annotator.admin import many
from annotator.admin.list_reading import NoList, decode, read_lines
from annotator.admin.lists import check_list
from annotator.app import Annotator
from annotator.database import db
from annotator.projects.models import Membership

MANY = "/admin/invitations/many"
LIST = """email,name,admin,projects
fay@example.org,Fay,yes,desk:editor
olga@example.org,,,desk:viewer
ann@example.org,,,desk:reviewer
"""


def emails(app: Annotator) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Invitation.email).order_by(Invitation.email)))


def mark_of(page: str) -> str:
    return page.partition('name="mark" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("data", "name", "guessed"),
    [
        ("email,name\na@b,Zoë".encode(), "Zoë", False),
        ("\ufeffemail,name\na@b,Zoë".encode(), "Zoë", False),
        ("email,name\na@b,Zoë".encode("cp1252"), "Zoë", True),
    ],
)
def test_encoding_is_known_or_said_to_be_guessed(data: bytes, name: str, guessed: bool) -> None:
    text, note = decode(data)
    assert (read_lines(text)[0].cells["name"], "Windows-1252" in note) == (name, guessed)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("email\na@b".encode("utf-16"), "UTF-16"),
        (b"email\na@b\0", "no text file"),
        (b"email\na@b\x81", "neither in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NoList, match=why):
        decode(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  \n\n", "empty"),
        ("email,name", "nobody below"),
        ("fay@example.org\ngus@example.org", "one of them must be email"),
        ("email,nickname\na@b,c", "no column nickname"),
        ("email,email\na@b,c", "named twice"),
        ('email,name\na@b,"Fay', "quotation mark"),
        ("email\n" + "a@b\n" * 501, "more than 500 lines"),
        ("email\n" + "a" * 100_000, "longer than 100,000"),
    ],
)
def test_list_that_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(NoList, match=why):
        read_lines(text)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_are_separated_by_comma_semicolon_or_tab(sign: str) -> None:
    text = f'E-Mail{sign}Name{sign}Projects\r\n\r\na@b{sign}"Fay, the {sign} editor"{sign}desk:viewer\r\n'
    (line,) = read_lines(text)
    assert (line.number, line.cells["email"], line.cells["projects"]) == (3, "a@b", "desk:viewer")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nowhere,,,", "such as ann@example.org"),
        (",Fay,,", "email: Fill this in."),
        ("fay@example.org,F\u202eay,,", "cannot be seen"),
        ("fay@example.org,,maybe,", "write yes or no"),
        ("fay@example.org,,,desk", "is not like desk:reviewer"),
        ("fay@example.org,,,nowhere:editor", "no open project has the short name"),
        ("fay@example.org,,,desk:owner", "is no role"),
        ("fay@example.org,,,desk:viewer;desk:editor", "stands here twice"),
        ("fay@example.org,,,,more", "5 columns"),
        ("dan@example.org,,,", "deactivated"),
        ("gus@example.org,,,", "open invitation"),
    ],
)
def test_each_problem_stands_beside_its_line(
    app: Annotator, as_: Any, project: SimpleNamespace, line: str, why: str
) -> None:
    as_("cleo").post("/admin/invitations", data={"email": "gus@example.org"})
    with app.app_context():
        checked = check_list(db.session, f"email,name,admin,projects\n{line}\nhal@example.org,,,\n")
    first, second = checked.lines
    assert (first.number, first.does, second.does) == (2, "nothing", "invite")
    assert why in " ".join(first.problems)


def test_doubled_address_counts_once(app: Annotator, project: SimpleNamespace) -> None:
    with app.app_context():
        checked = check_list(db.session, "email\nfay@example.org\nFAY@example.org\n")
    assert [(line.does, len(line.problems)) for line in checked.lines] == [("invite", 0), ("nothing", 1)]


def test_line_with_nothing_to_do_is_counted_as_here_already(
    as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    page = as_("cleo").post(MANY, data={"text": "email\nann@example.org\nno address\nfay@example.org\n"}).text
    assert "3 lines: 1 to invite, 1 here already, 1 with a problem" in page
    assert "To invite</span>" in page


def test_nothing_is_done_before_the_preview_was_seen(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    page = as_("cleo").post(MANY, data={"text": LIST}).text
    assert "3 lines: 1 to invite, 2 here already" in page
    assert "Invite 1 person</button>" in page
    assert emails(app) == []


@pytest.mark.parametrize("give", [True, False])
def test_list_that_was_seen_is_done_as_a_whole(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace, give: bool
) -> None:
    cleo = as_("cleo")
    form = {"text": LIST, "mark": mark_of(cleo.post(MANY, data={"text": LIST}).text)}
    page = cleo.post(MANY, data={**form, **({"give_roles": "true"} if give else {})}).text
    assert re.search(r"fay@example.org&#34;,&#34;Fay&#34;,&#34;http://localhost/invitation/", page)
    with app.app_context():
        olga = db.session.get(Membership, (project.id, people.olga))
        assert db.session.get_one(Membership, (project.id, people.ann)).role == "reviewer"
    assert (emails(app), olga is not None) == (["fay@example.org"], give)


def test_uploaded_file_is_carried_through_the_form(
    app: Annotator, as_: Any, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    file = (io.BytesIO(LIST.replace("\n", "\r\n").replace("Fay", "Zoë").encode("cp1252")), "people.csv")
    page = cleo.post(MANY, data={"file": file, "text": ""}, content_type="multipart/form-data").text
    assert "was read as Windows-1252" in page
    carried = page.partition('name="text" value="')[2].partition('"')[0]
    done = cleo.post(MANY, data={"text": carried.replace("\n", "\r\n"), "mark": mark_of(page)})
    assert (done.status_code, emails(app)) == (200, ["fay@example.org"])


def test_list_is_shown_again_when_something_changed_since(
    app: Annotator, as_: Any, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    cleo = as_("cleo")
    form = {"text": LIST, "mark": mark_of(cleo.post(MANY, data={"text": LIST}).text)}
    cleo.post("/admin/invitations", data={"email": "fay@example.org"})
    answer = cleo.post(MANY, data=form)
    assert (answer.status_code, "Something changed since" in answer.text) == (422, True)
    assert emails(app) == ["fay@example.org"]


@pytest.mark.parametrize("text", ["", "nonsense", "email\nann@example.org\n"])
def test_list_of_which_nothing_comes_does_nothing(app: Annotator, as_: Any, text: str) -> None:
    cleo = as_("cleo")
    mark = mark_of(cleo.post(MANY, data={"text": text}).text) or "x"
    assert (cleo.post(MANY, data={"text": text, "mark": mark}).status_code, emails(app)) == (422, [])


def test_links_of_a_list_are_disarmed_for_spreadsheets(as_: Any, people: SimpleNamespace) -> None:
    cleo, text = as_("cleo"), 'email,name\nfay@example.org,"=HYPERLINK(""http://x"")"\n'
    form = {"text": text, "mark": mark_of(cleo.post(MANY, data={"text": text}).text)}
    assert "&#34;&#39;=HYPERLINK(" in cleo.post(MANY, data=form).text


def test_five_hundred_lines_are_one_list(
    app: Annotator, people: SimpleNamespace, project: SimpleNamespace
) -> None:
    text = "email,projects\n" + "".join(f"p{n}@example.org,desk:viewer\n" for n in range(500))
    with app.app_context():
        assert check_list(db.session, text).number_of("invite") == 500


def test_no_cell_of_the_links_is_a_formula() -> None:
    text = many.as_csv([("=1+1@example.org", " =cmd", "\rhttps://x"), ("a@b", 'Zo"ë', "https://y")])
    assert text.splitlines()[0] == '"email","name","link"'
    assert '"\'=1+1@example.org","\' =cmd","\'\rhttps://x"\r\n' in text
    assert '"a@b","Zo""ë","https://y"\r\n' in text
