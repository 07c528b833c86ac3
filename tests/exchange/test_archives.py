"""Archives: the file with its copies beside it, the way out and the way in."""

import tracemalloc
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import orjson
import pytest
from exchange.archives import DAMAGED, entries_of, zipped
from exchange.rich import as_file, rich_document
from exchange.test_pages import send
from exchange.test_rights import API, post
from factories import make_article
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annotator.app import Annotator
from annotator.articles.models import Snapshot
from annotator.columns import new_id, now
from annotator.database import db
from annotator.exchange.cli import export_command, import_command
from annotator.exchange.packing import pack
from annotator.exchange.queries import whole_project
from annotator.exchange.reading import NotNative
from annotator.exchange.unpacking import read_file
from annotator.projects.models import Project

DOCUMENT = rich_document()
ENTRIES = entries_of(DOCUMENT)
MOST = 16_000_000


def packed(app: Annotator, project_id: str) -> bytes:
    with Session(app.extensions["annotator.database"].engine) as session:
        return b"".join(pack(session, whole_project(project_id), by=None))


def test_archive_holds_the_file_and_each_copy_once(app: Annotator, imported: dict[str, Any]) -> None:
    with ZipFile(BytesIO(packed(app, imported["project"]["id"]))) as archive:
        names = archive.namelist()
        digests = {row["raw_sha256"] for row in imported["snapshots"]}
        assert names[0] == "project.json"
        assert len(names) == len(set(names)) == len(digests) + 1
        for name in names[1:]:
            assert sha256(archive.read(name)).hexdigest() == name.split("/")[1].split(".")[0]


def test_copies_can_be_opened_by_their_endings(app: Annotator, imported: dict[str, Any]) -> None:
    with ZipFile(BytesIO(packed(app, imported["project"]["id"]))) as archive:
        kinds = {(Path(entry.filename).suffix, entry.compress_type) for entry in archive.infolist()}
    assert kinds == {(".json", ZIP_DEFLATED), (".txt", ZIP_DEFLATED), (".pdf", ZIP_STORED)}


def test_file_in_an_archive_is_the_one_beside_it(
    app: Annotator, imported: dict[str, Any], travel: Any
) -> None:
    key = imported["project"]["id"]
    with ZipFile(BytesIO(packed(app, key))) as archive:
        inside = orjson.loads(archive.read("project.json"))
    alone = orjson.loads(travel.take_out(app, key))
    assert {row["raw"] for row in inside["snapshots"]} == {None}
    for row in alone["snapshots"] + inside["snapshots"]:
        row["raw"] = row["file"] = None
    differ = {name for name in alone if inside[name] != alone[name]}
    assert differ == {"exported_at", "sha256"}


def test_archive_brings_everything_in(
    app: Annotator, elsewhere: Annotator, imported: Any, travel: Any
) -> None:
    key = imported["project"]["id"]
    with elsewhere.app_context():
        result = elsewhere.test_cli_runner().invoke(import_command, ["-"], input=packed(app, key))
    assert (result.exit_code, result.stdout) == (0, f"{key}\n")
    before, after = orjson.loads(travel.take_out(app, key)), orjson.loads(travel.take_out(elsewhere, key))
    assert after["snapshots"] == before["snapshots"]
    assert after["events"][:-1] == before["events"]
    assert after["links"] == before["links"]


def test_archive_goes_out_by_the_terminal_and_in_by_the_page(
    app: Annotator, as_: Any, tmp_path: Path, imported: dict[str, Any]
) -> None:
    target = tmp_path / "talks.zip"
    result = app.test_cli_runner().invoke(
        export_command, ["--project", "talks", "--copies", "-o", str(target)]
    )
    assert result.exit_code == 0, result.output
    answer = send(as_("cleo"), "/admin/import", target.read_bytes())
    assert answer.status_code == 422
    assert "This project is here already" in answer.text


def test_download_of_an_archive(as_: Any, project: SimpleNamespace) -> None:
    answer = as_("dee").get(f"{API}/projects/{project.id}/export?copies=files")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].endswith(".zip")


@pytest.mark.parametrize("path", [f"{API}/projects/{{id}}/export", "/projects/{slug}/export"])
def test_other_forms_are_refused(as_: Any, project: SimpleNamespace, path: str) -> None:
    answer = as_("dee").get(f"{path.format(id=project.id, slug=project.slug)}?copies=paper")
    assert answer.status_code == 422
    assert "Choose one of: json, files." in answer.text


def test_archive_comes_in_by_the_api(app: Annotator, as_: Any, rich: dict[str, Any]) -> None:
    assert post(as_("cleo"), f"{API}/import", zipped(entries_of(rich))).status_code == 201
    with app.app_context():
        found = dict(db.session.execute(select(Snapshot.raw_sha256, Snapshot.raw)).all())
    assert {sha256(raw).hexdigest() for raw in found.values()} == set(found)


def test_dry_run_of_an_archive_imports_nothing(app: Annotator, tmp_path: Path) -> None:
    path = tmp_path / "rich.zip"
    path.write_bytes(zipped(ENTRIES))
    result = app.test_cli_runner().invoke(import_command, ["--dry-run", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    with app.app_context():
        assert db.session.get(Project, DOCUMENT["project"]["id"]) is None


def test_article_of_a_json_file_is_known_again_in_an_archive(
    as_: Any, app: Annotator, people: Any, project: SimpleNamespace
) -> None:
    with app.app_context():
        article = make_article(db.session, project, people.ann)
        db.commit()
    data = as_("eve").get(f"{API}/articles/{article.id}/export?copies=files").data
    answer = post(as_("eve"), f"{API}/projects/{project.id}/import", data)
    assert (answer.status_code, answer.json["kept"]["snapshots"]) == (200, 1)


@pytest.mark.parametrize(("damage", "said"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_damaged_archive_is_refused(damage: Any, said: str) -> None:
    with pytest.raises(NotNative) as refused:
        read_file(damage(ENTRIES), most=MOST)
    assert any(said in problem.what for problem in refused.value.problems), refused.value.problems


def test_archive_with_any_byte_changed_is_refused_or_taken_whole() -> None:
    data, chance = zipped(ENTRIES), Random(7)
    whole = read_file(data)[0]["sha256"]
    outcomes = {outcome_of(flipped(data, chance)) for _ in range(400)}
    assert outcomes == {"refused", whole}


def flipped(data: bytes, chance: Random) -> bytes:
    place = chance.choice([chance.randrange(len(data)), chance.randrange(len(data) - 4000, len(data))])
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def outcome_of(data: bytes) -> str:
    try:
        document, copies = read_file(data, most=MOST)
    except NotNative:
        return "refused"
    digests = [sha256(copies(row)).hexdigest() == row["raw_sha256"] for row in document["snapshots"]]
    return str(document["sha256"]) if all(digests) else "wrong bytes"


def test_damaged_copy_is_named_with_its_snapshot() -> None:
    data = zipped([*ENTRIES[:-1], (ENTRIES[-1][0], b"forged")])
    place = next(at for at, row in enumerate(DOCUMENT["snapshots"]) if row["raw_sha256"] in ENTRIES[-1][0])
    with pytest.raises(NotNative) as refused:
        read_file(data)
    assert [problem.where for problem in refused.value.problems] == [f"/snapshots/{place}/file"]


def test_file_that_names_copies_is_none_without_them() -> None:
    with pytest.raises(NotNative) as refused:
        read_file(dict(ENTRIES)["project.json"])
    assert {problem.what for problem in refused.value.problems} == {
        "This copy is missing: there is no such file in the archive."
    }


def test_refused_archive_is_told_by_the_api_and_writes_nothing(
    as_: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = post(as_("cleo"), f"{API}/import", zipped([*ENTRIES, ("../climbed", b"x")]))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "../climbed"
    assert [path.name for path in (*tmp_path.parent.glob("climbed"), *tmp_path.iterdir())] == []


def test_bomb_is_refused_by_the_terminal_too(app: Annotator, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped([*ENTRIES, (f"copies/{'0' * 64}", bytes(70_000_000))]))
    result = app.test_cli_runner().invoke(import_command, [str(path)])
    assert result.exit_code == 1
    assert "more than 200 times its size" in result.stderr


def test_memory_does_not_grow_with_the_copies(app: Annotator, imported: dict[str, Any]) -> None:
    size, count = 2_000_000, 12
    with app.app_context():
        add_copies(imported, size, count)
        db.commit()
    with Session(app.extensions["annotator.database"].engine) as session:
        tracemalloc.start()
        total = sum(len(piece) for piece in pack(session, whole_project(imported["project"]["id"]), by=None))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert total > size * count
    assert peak < 5 * size


def add_copies(imported: dict[str, Any], size: int, count: int) -> None:
    """Add copies of bytes that cannot be packed any smaller."""
    source = next(row for row in imported["sources"] if row["confidentiality"] != "protected")["id"]
    project, person = imported["project"]["id"], imported["people"][0]["id"]
    for number in range(count):
        raw = number.to_bytes(2, "big") * (size // 2)
        about = {"media_type": "application/pdf", "raw": raw, "raw_sha256": sha256(raw).hexdigest()}
        empty = {
            "text": "",
            "text_sha256": sha256(b"").hexdigest(),
            "length": 0,
            "unread": "It is encrypted.",
        }
        rest = {"blocks": [], "marks": [], "sentences": [], "sentence_rule": 1, "number": number + 100}
        db.session.add(Snapshot(id=new_id(), project_id=project, source_id=source, captured_at=now(),
                                captured_by_id=person, method="upload", **about, **empty, **rest))  # fmt: skip
        db.session.flush()
        db.session.expunge_all()
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) > count


def test_rich_document_is_the_same_by_either_way() -> None:
    alone, _ = read_file(as_file(DOCUMENT))
    archived, copies = read_file(zipped(ENTRIES))
    for row, other in zip(alone["snapshots"], archived["snapshots"], strict=True):
        assert sha256(copies(other)).hexdigest() == row["raw_sha256"]
        assert {**row, "raw": None, "file": None} == {**other, "file": None}
