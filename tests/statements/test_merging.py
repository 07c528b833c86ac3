"""Two speakers that are one: what moves, what comes back, and two who merge at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from contract.world import HTTP, put
from factories import sign_in
from sqlalchemy import select
from statements.conftest import Desk

from annotator.database import db
from annotator.journal.models import Event
from annotator.statements.models import SpeakerMerge


def test_what_was_said_and_claimed_goes_to_the_kept_speaker(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    said, claim = desk.said("Mine.", speaker=twin["id"]), desk.claim(claimant=twin["id"])
    desk.said("Yours.")
    answer = desk.merge(twin, desk.mayor)
    assert (answer.status_code, answer.json["merged_into"]) == (200, desk.mayor["id"])
    assert desk.names_of(desk.mayor) == ["Mine.", "Yours."]
    assert desk.get(f"/annotations/{claim['id']}")["claimant"]["id"] == desk.mayor["id"]
    assert desk.get(f"/statements/{said['id']}")["version"] == 2


def test_the_kept_speaker_takes_over_names_and_address(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk", also_known_as=["the MAYOR", "Velk"], same_as="https://example.org/Q1")
    desk.merge(twin, desk.mayor)
    kept = desk.get(f"/speakers/{desk.mayor['id']}")
    assert (kept["also_known_as"], kept["same_as"]) == (["Mira Velk", "Velk"], "https://example.org/Q1")


def test_a_merged_speaker_answers_and_is_listed_no_more(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    desk.merge(twin, desk.mayor)
    assert desk.get(f"/speakers/{twin['id']}")["merged_into"] == desk.mayor["id"]
    listed = desk.get(f"/projects/{desk.project.id}/speakers")["items"]
    assert [item["id"] for item in listed] == [desk.mayor["id"]]
    page = desk.ann.get(f"/speakers/{twin['id']}/")
    assert (page.status_code, page.location) == (302, f"/speakers/{desk.mayor['id']}/?from={twin['id']}")


def test_undoing_gives_back_what_is_still_there(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk", same_as="https://example.org/Q1")
    stays, goes = (desk.said(words, speaker=twin["id"]) for words in ("Stays.", "Goes."))
    claim = desk.claim(claimant=twin["id"])
    desk.merge(twin, desk.mayor)
    third = desk.speaker("The council")
    moved = {"speaker": third["id"]}
    desk.ann.change("PATCH", f"{HTTP}/statements/{stays['id']}", moved, version=2)
    assert desk.unmerge(twin).json["merged_into"] is None
    assert (desk.names_of(twin), desk.names_of(third)) == (["Goes."], ["Stays."])
    assert desk.get(f"/annotations/{claim['id']}")["claimant"]["id"] == twin["id"]
    assert desk.get(f"/speakers/{desk.mayor['id']}")["also_known_as"] == []
    assert desk.get(f"/speakers/{desk.mayor['id']}")["same_as"] == ""
    assert desk.get(f"/statements/{goes['id']}")["speaker"]["name"] == "Mira Velk"


def test_what_was_added_after_the_merge_stays_with_the_kept_speaker(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    desk.merge(twin, desk.mayor)
    added = desk.said("Later.", speaker=twin["id"])
    assert added["speaker"]["id"] == desk.mayor["id"]
    desk.unmerge(twin)
    assert desk.names_of(desk.mayor) == ["Later."]


def test_a_merge_below_another_is_undone_after_that_one(desk: Desk) -> None:
    twin, third = desk.speaker("Mira Velk"), desk.speaker("The council")
    desk.said("Mine.", speaker=twin["id"])
    desk.merge(twin, desk.mayor)
    kept = desk.get(f"/speakers/{desk.mayor['id']}")
    desk.merge(desk.mayor, third, kept["version"])
    refused = desk.unmerge(twin)
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (409, "wrong-state")
    assert desk.unmerge(desk.mayor, kept["version"] + 1).status_code == 200
    assert desk.unmerge(twin).status_code == 200
    assert desk.names_of(twin) == ["Mine."]


def test_merging_needs_two_speakers_of_one_project_that_stand(desk: Desk) -> None:
    twin, third = desk.speaker("Mira Velk"), desk.speaker("The council")
    assert desk.merge(twin, twin).json["errors"][0]["pointer"] == "/into"
    assert desk.merge(twin, {"id": desk.project.id}).json["errors"][0]["pointer"] == "/into"
    assert desk.merge(twin, desk.mayor).status_code == 200
    assert desk.merge(twin, third, 2).status_code == 409
    assert desk.merge(third, twin).status_code == 409


def test_merging_and_undoing_need_the_version(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    path = f"{HTTP}/speakers/{twin['id']}"
    assert desk.ann.change("POST", f"{path}/merge", {"into": desk.mayor["id"]}).status_code == 428
    assert desk.merge(twin, desk.mayor, 2).status_code == 412
    assert desk.merge(twin, desk.mayor, 1).status_code == 200
    assert desk.unmerge(twin, 1).status_code == 412
    assert desk.unmerge(twin).status_code == 200
    assert desk.unmerge(twin, 3).status_code == 409


def test_merging_and_undoing_are_journalled_with_what_moved(desk: Desk, session: Any) -> None:
    twin = desk.speaker("Mira Velk")
    said = desk.said("Mine.", speaker=twin["id"])
    desk.merge(twin, desk.mayor)
    desk.unmerge(twin)
    query = select(Event).where(Event.subject_id == twin["id"]).order_by(Event.number)
    lines = [(line.action, line.after) for line in session.scalars(query)][1:]
    assert [action for action, _ in lines] == ["speaker:merged", "speaker:merge-undone"]
    assert [after["statements"] for _, after in lines] == [[said["id"]]] * 2
    own = select(Event.after).where(Event.subject_id == said["id"]).order_by(Event.number)
    assert list(session.scalars(own))[1:] == [{"speaker": desk.mayor["id"]}, {"speaker": twin["id"]}]


def test_what_moved_is_found_under_its_new_speaker(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    desk.said("The bridge is closed.", speaker=twin["id"])
    desk.merge(twin, desk.mayor)
    found = desk.get(f"/projects/{desk.project.id}/statements?q=mayor+bridge")["items"]
    assert [item["quote"] for item in found] == ["The bridge is closed."]


def at_once(*jobs: Any) -> list[Any]:
    gate = Barrier(len(jobs))

    def run(job: Any) -> Any:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def merging(app: Any, person: str, merged: dict[str, Any], kept: dict[str, Any]) -> Any:
    client = sign_in(app, person)
    path = f"{HTTP}/speakers/{merged['id']}/merge"
    return lambda: client.change("POST", path, {"into": kept["id"]}, version=1).status_code


def test_of_two_who_merge_each_into_the_other_one_comes_first(desk: Desk, app: Any, people: Any) -> None:
    for number in range(5):
        one, other = desk.speaker(f"One {number}"), desk.speaker(f"Other {number}")
        desk.said("Mine.", speaker=one["id"])
        desk.said("Yours.", speaker=other["id"])
        found = at_once(merging(app, people.ann, one, other), merging(app, people.ben, other, one))
        kept = [row for row in (one, other) if desk.get(f"/speakers/{row['id']}")["merged_into"] is None]
        assert sorted(found) in ([200, 409], [200, 412])
        assert [desk.names_of(row) for row in kept] == [["Mine.", "Yours."]]


def test_of_two_who_merge_one_speaker_one_comes_first(desk: Desk, app: Any, people: Any) -> None:
    for number in range(5):
        twin, third = desk.speaker(f"Twin {number}"), desk.speaker(f"Third {number}")
        desk.said(f"Mine {number}.", speaker=twin["id"])
        found = at_once(merging(app, people.ann, twin, desk.mayor), merging(app, people.ben, twin, third))
        assert sorted(found) == [200, 412]
        kept = desk.get(f"/speakers/{twin['id']}")["merged_into"]
        assert f"Mine {number}." in desk.names_of({"id": kept})


def test_what_is_added_during_a_merge_goes_along(desk: Desk, app: Any, people: Any) -> None:
    for number in range(5):
        twin = desk.speaker(f"Twin {number}")
        client = sign_in(app, people.ben)
        body = {"project": desk.project.id, "speaker": twin["id"], "quote": f"Just now {number}."}

        def add(client: Any = client, body: Any = body) -> Any:
            return put(client, "statements", body)["id"]

        at_once(merging(app, people.ann, twin, desk.mayor), add)
        assert f"Just now {number}." in desk.names_of(desk.mayor)
        assert desk.names_of(twin) == []


def test_a_merge_row_keeps_what_moved(desk: Desk, app: Any) -> None:
    twin = desk.speaker("Mira Velk")
    said = desk.said("Mine.", speaker=twin["id"])
    desk.merge(twin, desk.mayor)
    with app.app_context():
        row = db.session.scalars(select(SpeakerMerge)).one()
        assert row.moved == {
            "statements": [said["id"]],
            "annotations": [],
            "names": ["Mira Velk"],
            "same_as": "",
        }


def test_of_two_who_take_one_merge_back_one_comes_first(desk: Desk, app: Any, people: Any) -> None:
    twin = desk.speaker("Mira Velk")
    desk.said("Mine.", speaker=twin["id"])
    desk.merge(twin, desk.mayor)
    clients = [sign_in(app, person) for person in (people.ann, people.ben)]
    path = f"{HTTP}/speakers/{twin['id']}/unmerge"
    found = at_once(*(lambda c=client: c.change("POST", path, version=2).status_code for client in clients))
    assert sorted(found) == [200, 412]
    assert desk.names_of(twin) == ["Mine."]


def test_a_claim_of_a_merged_speaker_is_one_of_the_kept_speaker(desk: Desk) -> None:
    twin = desk.speaker("Mira Velk")
    desk.merge(twin, desk.mayor)
    assert desk.claim(claimant=twin["id"])["claimant"]["id"] == desk.mayor["id"]
