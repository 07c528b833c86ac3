"""Nothing of a protected source leaves the house, whoever takes the file out and in which form."""

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from exchange.rich import as_file
from exchange.test_rights import API, link, mark, post
from factories import make_article, make_people, sign_in
from sqlalchemy import delete, select

from annotator.app import Annotator
from annotator.articles.models import Snapshot
from annotator.columns import new_id, now
from annotator.database import db
from annotator.exchange.cli import export_command
from annotator.journal.models import Event
from annotator.links.models import Link
from annotator.sources.models import Source, SourceCheck, SourceReader
from annotator.statements.models import Speaker, Statement

SECRET = "Quercus7vault"
RAW = f"<p>{SECRET}</p>".encode()
ENCODED = [b64encode(b"x" * shift + SECRET.encode())[4:-4] for shift in range(3)]
DIGEST = sha256(RAW).hexdigest()
WORDS = dict.fromkeys(
    ("publisher", "independence_group", "note", "doi", "interests", "url_key", "folded"), SECRET
)
DATED = {"created_at": now(), "updated_at": now()}


@pytest.fixture
def secret(app: Annotator, people: SimpleNamespace, project: SimpleNamespace, as_: Any) -> SimpleNamespace:
    """An article with evidence in a protected source that Ann may read; every field of it holds the marker."""
    with app.app_context():
        article = make_article(db.session, project, people.ann)
        db.commit()
    ann = as_("ann")
    near, beside = mark(ann, article, "Ministers"), mark(ann, article, "The mayor")
    inside = link(ann, near, target=beside)
    made = SimpleNamespace(article=article, near=near, inside=inside, project=project, people=people)
    with app.app_context():
        add_source(made)
        add_links(made)
        add_lines(made)
        db.commit()
    return made


def add_source(made: SimpleNamespace) -> None:
    made.source, made.shot = new_id(), new_id()
    own = {"project_id": made.project.id, "created_by_id": made.people.ann, **DATED}
    address = f"https://example.org/{SECRET}"
    db.session.add(
        Source(id=made.source, title=SECRET, url=address, authors=[SECRET], confidentiality="protected",
               request_sha256=DIGEST, **WORDS, **own)
    )  # fmt: skip
    db.session.flush()
    db.session.add(SourceReader(source_id=made.source, user_id=made.people.ann))
    db.session.add(
        Snapshot(id=made.shot, project_id=made.project.id, source_id=made.source, number=1, captured_at=now(),
                 captured_by_id=made.people.ben, method="fetch", url=address, final_url=address, media_type="text/html",
                 raw=RAW, raw_sha256=DIGEST, text=SECRET, text_sha256=DIGEST, length=len(SECRET), blocks=[], marks=[],
                 sentences=[], sentence_rule=1, note=SECRET, filename=SECRET, headers=[[SECRET, SECRET]],
                 redirects=[address])
    )  # fmt: skip
    db.session.flush()
    for outcome, shot in (("first", made.shot), ("failed", None)):
        db.session.add(
            SourceCheck(id=new_id(), project_id=made.project.id, source_id=made.source, snapshot_id=shot, at=now(),
                        by_id=made.people.ben, outcome=outcome, detail=SECRET)
        )  # fmt: skip
    db.session.flush()


def add_links(made: SimpleNamespace) -> None:
    own = {"project_id": made.project.id, "created_by_id": made.people.ann, **DATED}
    made.speaker, made.statement = new_id(), new_id()
    db.session.add(Speaker(id=made.speaker, name="The mayor", **own))
    db.session.flush()
    db.session.add(Statement(id=made.statement, speaker_id=made.speaker, quote="Never.", source_id=made.source,
                             locator_kind="page", locator=SECRET, **own))  # fmt: skip
    db.session.flush()
    place = {"locator_kind": "page", "locator": SECRET, "passage_snapshot_id": made.shot, "passage_start": 0,
             "passage_end": len(SECRET), "passage_exact": SECRET, "passage_prefix": SECRET, "passage_suffix": SECRET,
             "annotation_id": made.near, "request_sha256": DIGEST}  # fmt: skip
    told = {
        "group": SECRET,
        "assumption": SECRET,
        "note": SECRET,
        "explanation": SECRET,
        "decision_reason": SECRET,
    }
    for state in ("accepted", "rejected"):
        db.session.add(Link(id=new_id(), source_id=made.source, relation="contradicts", contradiction_state=state,
                            proposed_by_id=made.people.ann, decided_by_id=made.people.eve, decided_at=now(),
                            **place, **told, **own))  # fmt: skip
    db.session.add(Link(id=new_id(), source_id=made.source, relation="supports", **place,
                        group=SECRET, assumption=SECRET, note=SECRET, deleted_at=now(), **own))  # fmt: skip
    db.session.add(Link(id=new_id(), statement_id=made.statement, relation="supports", **place, **own))
    db.session.flush()


def add_lines(made: SimpleNamespace) -> None:
    fields = {"locator": SECRET, "passage": {"snapshot": made.shot, "exact": SECRET}, "source": made.source}
    subjects = [("source", made.source, {"title": SECRET}), ("snapshot", made.shot, {"url": SECRET})]
    subjects += [("statement", made.statement, fields), ("statement", made.statement, {"locator": SECRET})]
    links = db.session.scalars(select(Link).where(Link.id != made.inside)).all()
    subjects += [("link", row.id, fields | ({"note": SECRET} if row.source_id else {})) for row in links]
    # this one cites the source no more
    subjects += [("link", made.inside, fields), ("link", made.inside, {"locator": SECRET})]
    for kind, key, told in subjects:
        about = {"project_id": made.project.id, "article_id": made.article.id if kind == "link" else None}
        db.session.add(Event(at=now(), actor_id=made.people.ann, action=f"{kind}:changed", subject_kind=kind,
                             subject_id=key, before=told, after=told, **about))  # fmt: skip


def ways(app: Annotator, as_: Any, made: SimpleNamespace, folder: Path) -> dict[str, Callable[[], bytes]]:
    """Every way to take something out, as Ann, who may read the source, and from the terminal."""
    ann = as_("ann")
    paths = {
        "project by the API": f"{API}/projects/{made.project.id}/export",
        "article by the API": f"{API}/articles/{made.article.id}/export",
        "project by the page": f"/projects/{made.project.slug}/export",
        "article by the page": f"/articles/{made.article.id}/export",
    }
    chosen = {"project": ("--project", made.project.slug), "article": ("--article", made.article.id)}

    def write(arguments: Any) -> bytes:
        result = app.test_cli_runner().invoke(export_command, [*arguments, "-o", str(folder / "out")])
        assert result.exit_code == 0, result.output
        return (folder / "out").read_bytes()

    found: dict[str, Callable[[], bytes]] = {}
    for form in ("json", "files"):
        for way, path in paths.items():
            found[f"{way}, {form}"] = partial(lambda asked: ann.get(asked).data, f"{path}?copies={form}")
        for way, arguments in chosen.items():
            given = [*arguments, *(["--copies"] if form == "files" else [])]
            found[f"{way} by the terminal, {form}"] = partial(write, given)
    return found


def plain(data: bytes) -> bytes:
    """Everything that a file says: of an archive, the names and the unpacked bytes of all entries too."""
    if not data.startswith(b"PK"):
        return data
    with ZipFile(BytesIO(data)) as archive:
        return data + b"".join(name.encode() + archive.read(name) for name in archive.namelist())


def test_e08_marker_is_in_no_file(app: Annotator, as_: Any, secret: SimpleNamespace, tmp_path: Path) -> None:
    found = {way: plain(take()) for way, take in ways(app, as_, secret, tmp_path).items()}
    assert len(found) == 12
    marks = (SECRET.encode(), *ENCODED, DIGEST.encode())
    assert {way for way, data in found.items() for words in marks if words in data} == set()
    assert {way for way, data in found.items() if secret.source.encode() not in data} == set()


def test_marker_would_be_found_were_the_source_not_protected(
    app: Annotator, as_: Any, secret: SimpleNamespace, tmp_path: Path
) -> None:
    with app.app_context():
        db.session.get_one(Source, secret.source).confidentiality = "internal"
        db.session.execute(delete(SourceReader))
        db.session.commit()
    found = [plain(take()) for take in ways(app, as_, secret, tmp_path).values()]
    assert [data.count(SECRET.encode()) > 30 for data in found] == [True] * 12


def test_file_says_how_much_was_left_out(as_: Any, secret: SimpleNamespace) -> None:
    document = as_("ann").get(f"{API}/articles/{secret.article.id}/export").json
    assert document["left_out"] == {"checks": 2, "events": 1, "snapshots": 1, "sources": 1}
    assert [row["title"] for row in document["sources"]] == ["Source protected"]
    assert {person["name"] for person in document["people"]} == {
        "Ann",
        "Cleo",
        "Eve",
    }  # not Ben, who captured it


def test_links_stay_without_what_they_say(as_: Any, secret: SimpleNamespace) -> None:
    rows = as_("ann").get(f"{API}/projects/{secret.project.id}/export").json["links"]
    assert len(rows) == 5
    hidden = [row for row in rows if row["source"] == secret.source]
    assert {(row["passage"], row["note"], row["draft"]) for row in hidden} == {(None, "", True)}
    assert {row["decision_reason"] for row in hidden} == {"", "Source protected"}


def test_everybody_gets_the_same_file(as_: Any, secret: SimpleNamespace) -> None:
    texts = [as_(who).get(f"{API}/articles/{secret.article.id}/export").text for who in ("ann", "dee")]
    first, second = ("\n".join(text.split("\n")[6:-3]) for text in texts)
    assert first == second


@pytest.mark.parametrize("form", ["json", "files"])
def test_stub_comes_in_protected_and_whoever_imports_it_is_its_reader(
    app: Annotator, elsewhere: Annotator, as_: Any, secret: SimpleNamespace, form: str
) -> None:
    data = as_("ann").get(f"{API}/projects/{secret.project.id}/export?copies={form}").data
    with elsewhere.app_context():
        cleo = make_people(db.session).cleo
        db.commit()
    assert post(sign_in(elsewhere, cleo), f"{API}/import", data).status_code == 201
    with elsewhere.app_context():
        source = db.session.get_one(Source, secret.source)
        assert (source.confidentiality, source.title) == ("protected", "Source protected")
        assert db.session.scalars(select(SourceReader.user_id)).all() == [cleo]


def test_file_is_the_same_after_it_came_in_elsewhere(
    app: Annotator, elsewhere: Annotator, secret: SimpleNamespace, travel: SimpleNamespace
) -> None:
    first = travel.take_out(app, secret.project.id)
    travel.put_in(elsewhere, first)
    before, after = orjson.loads(first), orjson.loads(travel.take_out(elsewhere, secret.project.id))
    for name in ("sources", "snapshots", "checks", "statements", "links"):
        assert after[name] == before[name]
    assert after["events"][:-1] == before["events"]


def test_article_with_a_protected_source_is_known_again(as_: Any, secret: SimpleNamespace) -> None:
    data = as_("ann").get(f"{API}/articles/{secret.article.id}/export").data
    answer = post(as_("eve"), f"{API}/projects/{secret.project.id}/import", data)
    assert answer.status_code == 200, answer.text
    assert answer.json["kept"]["sources"] == 1


def with_copy(document: dict[str, Any], made: SimpleNamespace, **fields: Any) -> bytes:
    """The document with a copy of the protected source put in."""
    copy = {**document["snapshots"][0], "article": None, "source": made.source, "number": 7, **fields}
    document["snapshots"] = sorted([*document["snapshots"], copy], key=lambda row: str(row["id"]))
    return as_file(document)


@pytest.mark.parametrize("key", [None, "shot"])
def test_file_brings_no_copy_to_a_source_that_is_protected_here(
    as_: Any, secret: SimpleNamespace, key: str | None
) -> None:
    document = as_("ann").get(f"{API}/articles/{secret.article.id}/export").json
    data = with_copy(document, secret, id=getattr(secret, key) if key else new_id())
    answer = post(as_("eve"), f"{API}/projects/{secret.project.id}/import", data)
    assert answer.status_code == 422
    assert {row["detail"] for row in answer.json["errors"]} == {
        "This source is protected here: a file brings no copies to it."
    }


def test_protected_source_that_a_file_shows_in_full_is_kept_and_shown_no_more(
    app: Annotator, as_: Any, people: SimpleNamespace, rich: dict[str, Any], travel: SimpleNamespace
) -> None:
    open_one = next(row for row in rich["sources"] if row["confidentiality"] == "protected")
    open_one.update(title=SECRET, note=SECRET)
    assert post(as_("cleo"), f"{API}/import", as_file(rich)).status_code == 201
    with app.app_context():
        assert db.session.get_one(Source, open_one["id"]).note == SECRET
        assert set(db.session.scalars(select(SourceReader.user_id))) == {people.cleo}
    assert SECRET.encode() not in travel.take_out(app, rich["project"]["id"])
