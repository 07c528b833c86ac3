"""Of a protected source nothing is told at the far end of a link, in comparisons, in history, to who is not named."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP
from links.desk import change, decide, keep_copy, link, make
from sqlalchemy import update

from annotator.accounts.sessions import COOKIE
from annotator.columns import new_id
from annotator.database import db
from annotator.journal.reading import history
from annotator.statements.models import Statement

SECRET = "Letter of a whistle-blower"
TOLD = {"locator": "7", "locator_kind": "page", "note": "Met her on Tuesday", "assumption": "she is right",
        "group": "letters", "explanation": "She says the opposite"}  # fmt: skip


@pytest.fixture
def desk(as_: Any, project: Any) -> SimpleNamespace:
    """The desk, whose source has become one that Ann alone may read; it was linked and quoted before."""
    desk = make(as_, project)
    copy = keep_copy(desk.ann, desk.source)
    passage = {"snapshot": copy["id"], "start": 0, "end": 7}
    desk.copy = copy
    desk.linked = link(desk, source=desk.source["id"], passage=passage, **TOLD)
    desk.quoted = link(desk, statement=desk.statement["id"], passage=passage, locator="7")
    about = {"title": SECRET, "publisher": "Mole Press", "url": "https://example.org/letter", "tier": "primary",
             "independence_group": "whistle", "confidentiality": "protected"}  # fmt: skip
    path = f"{HTTP}/sources/{desk.source['id']}"
    version = desk.ann.get(path).json["version"]
    assert desk.ann.change("PATCH", path, about, version=version).status_code == 200
    return desk


PLACES = (
    "links/{linked}",
    "links/{quoted}",
    "annotations/{claim}",
    "annotations/{claim}/claim",
    "annotations/{claim}/suggestions",
)
PRIVATE = (
    SECRET,
    "Mole Press",
    "example.org/letter",
    "whistle",
    "Minutes",
    "Tuesday",
    "she is right",
    "letters",
    "opposite",
)


def seen(client: Any, desk: SimpleNamespace) -> str:
    ids = {"linked": desk.linked["id"], "quoted": desk.quoted["id"], "claim": desk.first["id"]}
    answers = [client.get(f"{HTTP}/{place.format(**ids)}") for place in PLACES]
    pages = [client.get(f"/{place.format(**ids)}/") for place in PLACES[:3]]
    pages.append(client.get(f"/annotations/{desk.first['id']}/dispute"))
    assert {answer.status_code for answer in answers + pages} == {200}
    return "".join(answer.text for answer in answers + pages)


@pytest.mark.parametrize("who", ["ben", "dee"])
def test_who_is_not_named_is_told_nothing_of_it(desk: SimpleNamespace, who: str) -> None:
    text = seen(getattr(desk, who), desk)
    assert [word for word in PRIVATE if word in text] == []
    assert "Source protected" in text


def test_a_named_reader_sees_all_of_it(desk: SimpleNamespace) -> None:
    text = seen(desk.ann, desk)
    assert [word for word in PRIVATE if word not in text] == []
    far = desk.ann.get(f"{HTTP}/links/{desk.linked['id']}").json["far"]
    assert (far["title"], far["protected"], far["hidden"]) == (SECRET, True, False)


def test_a_hidden_far_end_keeps_its_shape(desk: SimpleNamespace) -> None:
    named, hidden = (who.get(f"{HTTP}/links/{desk.linked['id']}").json for who in (desk.ann, desk.ben))
    assert (set(named), set(named["far"])) == (set(hidden), set(hidden["far"]))
    assert (hidden["far"]["title"], hidden["far"]["hidden"], hidden["passage"]) == (
        "Source protected",
        True,
        None,
    )
    assert (hidden["comparison"]["far_on"], hidden["comparison"]["order"]) == (None, "unknown")


def test_what_a_speaker_said_stays_known_and_where_it_stands_does_not(desk: SimpleNamespace) -> None:
    found = desk.ben.get(f"{HTTP}/links/{desk.quoted['id']}").json
    assert (found["far"]["quote"], found["far"]["date"]) == ("It is yours.", "2024-03")
    assert (found["far"]["source"]["title"], found["passage"], found["locator"]) == (
        "Source protected",
        None,
        "",
    )


def test_who_is_not_named_counts_the_same_independent_sources(desk: SimpleNamespace) -> None:
    path = f"{HTTP}/annotations/{desk.first['id']}/claim"
    found = [who.get(path).json for who in (desk.ann, desk.ben)]
    assert found[0]["independent"] == found[1]["independent"]
    assert found[0]["missing"] == found[1]["missing"] != []


def test_who_is_not_named_cannot_change_decide_or_delete_its_links(desk: SimpleNamespace) -> None:
    path, one = f"{HTTP}/links/{desk.linked['id']}", desk.linked
    words = {"snapshot": desk.copy["id"], "words": "Minutes"}
    answers = [change(desk.ben, one, note="x"), decide(desk.ben, one), desk.ben.change("DELETE", path, version=1),
               desk.ben.change("POST", f"{path}/passage", words, version=1)]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert "Only its named readers" in answers[0].json["detail"]


def test_who_is_not_named_cannot_link_or_compare_it(desk: SimpleNamespace) -> None:
    body = {"annotation": desk.first["id"], "relation": "supports", "source": desk.source["id"]}
    assert desk.ben.put(f"{HTTP}/links/{new_id()}", json=body).status_code == 422
    path = f"{HTTP}/annotations/{desk.first['id']}/comparison"
    assert desk.ben.get(path, query_string={"source": desk.source["id"]}).status_code == 422


def test_who_is_not_named_cannot_quote_its_copy_for_a_statement(desk: SimpleNamespace) -> None:
    bare = link(desk, statement=desk.statement["id"])
    for words in ("Minutes", "Nothing like it"):
        body = {"snapshot": desk.copy["id"], "words": words}
        refused = desk.ben.change("POST", f"{HTTP}/links/{bare['id']}/passage", body, version=1)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/passage/snapshot")


def test_who_is_not_named_changes_what_is_not_hidden_of_a_statements_link(desk: SimpleNamespace) -> None:
    bare = link(desk, statement=desk.statement["id"], locator="7")
    assert change(desk.ben, bare, note="New.").status_code == 200
    assert change(desk.ben, {**bare, "version": 2}, locator="").status_code == 403
    found = desk.ann.get(f"{HTTP}/links/{bare['id']}").json
    assert (found["note"], found["locator"]) == ("New.", "7")


def test_a_link_whose_words_stand_in_its_copy_is_closed(desk: SimpleNamespace) -> None:
    for fields in ({"passage": None}, {"note": "x"}):
        assert change(desk.ben, desk.quoted, **fields).status_code == 403
    assert decide(desk.ben, desk.quoted).status_code == 403


def test_its_words_stay_hidden_when_the_statement_names_another_source(
    app: Any, desk: SimpleNamespace
) -> None:
    with app.app_context():  # rows of earlier versions may stand so
        db.session.execute(
            update(Statement).where(Statement.id == desk.statement["id"]).values(source_id=None)
        )
        db.commit()
    found = desk.ben.get(f"{HTTP}/links/{desk.quoted['id']}").json
    assert (found["passage"], found["locator"], found["far"]["hidden"]) == (None, "", True)
    assert desk.ben.change("DELETE", f"{HTTP}/links/{desk.quoted['id']}", version=1).status_code == 403
    with app.test_request_context():
        assert {line["after"] for line in history(db.session, desk.quoted["id"])} == {None}


def test_who_is_not_named_cannot_say_where_words_stand(desk: SimpleNamespace) -> None:
    assert change(desk.ben, desk.quoted, locator="8").status_code == 403
    passage = {"snapshot": desk.copy["id"], "start": 0, "end": 7}
    assert change(desk.ben, desk.quoted, passage=passage).status_code == 403


def test_the_journal_of_what_is_hidden_says_who_and_when_and_not_what(
    app: Any, desk: SimpleNamespace
) -> None:
    hidden = [desk.source["id"], desk.copy["id"], desk.linked["id"], desk.quoted["id"]]
    with app.test_request_context():  # nobody is signed in: a stranger
        lines = [line for key in hidden for line in history(db.session, key)]
        seen = history(db.session, desk.statement["id"])
    assert len(lines) >= len(hidden)
    assert {(line["before"], line["after"]) for line in lines} == {(None, None)}
    assert {line["actor"]["name"] for line in lines} == {"Ann"}
    assert seen[0]["after"]["quote"] == "It is yours."


def test_the_journal_tells_a_named_reader_all(app: Any, desk: SimpleNamespace) -> None:
    cookie = f"{COOKIE}={desk.ann.get_cookie(COOKIE).value}"
    with app.test_request_context(headers={"Cookie": cookie}):
        lines = history(db.session, desk.linked["id"])
    assert lines[0]["after"]["note"] == TOLD["note"]
