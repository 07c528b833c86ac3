"""Search on both databases: forms of words, any text as a query, projects apart, deleted and protected things never."""

from types import SimpleNamespace
from typing import Any

import pytest
from contract.world import HTTP, annotation, put
from factories import TEXT, make_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from annotator.columns import new_id
from annotator.search.models import SearchEntry
from annotator.search.operations import changed, forget, index, rebuild, stale
from annotator.search.queries import search
from annotator.sources.models import Source

SAID = [
    ("en", "The ministers never promised to sell the harbour.", "minister promises"),
    ("ru", "Он отказался от переговоров о гавани.", "переговоры гавань"),
    ("uk", "Ми не підемо на переговори з Путіним.", "переговорів путін"),
    ("ar", "لن نبدأ المفاوضات مع المدينة.", "مفاوضات"),
    ("zh", "我们绝不会开始谈判。", "谈判"),
    ("de", "Wir verkaufen die alten Häuser nicht.", "haus verkauft"),
]


def put_entry(session: Any, project: Any, words: str, **more: Any) -> str:
    key = new_id()
    index(session, "statement", key, project=project.id, words=[words], **{"language": "en", **more})
    return key


def keys(session: Any, project: Any, words: str, **more: Any) -> list[str]:
    return [hit.key for hit in search(session, project.id, words, **more)]


@pytest.fixture
def ann(as_: Any) -> Any:
    return as_("ann")


@pytest.fixture
def said(session: Any, project: Any) -> dict[str, str]:
    """A statement in each language: its id by the language."""
    return {language: put_entry(session, project, text, language=language) for language, text, _ in SAID}


@pytest.mark.parametrize(("language", "typed"), [(language, typed) for language, _, typed in SAID])
def test_other_forms_of_the_words_find_it(
    session: Any, project: Any, said: dict[str, str], language: str, typed: str
) -> None:
    assert keys(session, project, typed, language=language) == [said[language]]
    assert keys(session, project, typed) == [said[language]]


@pytest.mark.parametrize(("typed", "language"), [
    ("harb", "en"), ("the harbo", "en"), ("перег", "ru"), ("المفا", "ar"), ("谈", "zh"), ("minister h", "en"),
])  # fmt: skip
def test_the_beginning_of_the_last_word_finds_it(
    session: Any, project: Any, said: dict[str, str], typed: str, language: str
) -> None:
    assert said[language] in keys(session, project, typed, prefix=True)


def test_the_beginning_of_a_word_is_no_word(session: Any, project: Any, said: dict[str, str]) -> None:
    assert keys(session, project, "harb") == []
    assert keys(session, project, "harb sell", prefix=True) == []


def test_no_word_that_somebody_types_reaches_what_an_entry_belongs_to(session: Any, project: Any) -> None:
    key = put_entry(session, project, "harbour")
    for typed in ("@statement", f"@statement:{project.id}", "statement", "s", "@"):
        assert keys(session, project, typed, prefix=True) == []
    assert keys(session, project, "h", prefix=True) == [key]


def test_every_word_must_be_there_and_the_newest_stand_first(session: Any, project: Any) -> None:
    first, second = (put_entry(session, project, f"The harbour in {city}") for city in ("Odesa", "Kyiv"))
    assert keys(session, project, "harbour") == [second, first]
    assert keys(session, project, "odesa harbour") == [first]
    assert keys(session, project, "odesa kyiv") == []
    assert keys(session, project, "harbour", limit=1) == [second]


def test_any_ranks_by_rare_words_shared(session: Any, project: Any) -> None:
    for number in range(20):
        put_entry(session, project, f"The harbour and the weather, day {number}")
    rare = put_entry(session, project, "The dredging of the harbour cost seven million")
    found = search(session, project.id, "Seven million for dredging the harbour?", match="any")
    assert found[0].key == rare
    assert found[0].score > found[1].score


def test_nothing_is_found_without_words(session: Any, project: Any, said: dict[str, str]) -> None:
    for typed in ("", "  ", "%", "\u200b", '"', "---"):
        assert keys(session, project, typed) == []
        assert keys(session, project, typed, match="any") == []
    assert keys(session, project, "harbour", kinds=()) == []


@pytest.mark.parametrize("match", ["all", "any"])
def test_other_projects_are_never_found(session: Any, people: Any, project: Any, match: str) -> None:
    other = make_project(session, people, "other")
    mine, theirs = (put_entry(session, one, "harbour dredging") for one in (project, other))
    assert keys(session, project, "harbour dredging", match=match) == [mine]
    assert keys(session, other, "harbour dredging", match=match) == [theirs]


def test_kind_speaker_and_article_narrow_it(session: Any, project: Any) -> None:
    mayor, article = new_id(), new_id()
    said = put_entry(session, project, "harbour", speaker=mayor)
    put_entry(session, project, "harbour", speaker=new_id())
    index(
        session, "annotation", article, project=project.id, words=["harbour"], language="en", within=article
    )
    assert keys(session, project, "harbour", speaker=mayor) == [said]
    assert keys(session, project, "harbour", within=article) == [article]
    assert keys(session, project, "harbour", kinds=("annotation",)) == [article]
    assert keys(session, project, "harbour", match="any", speaker=mayor) == [said]


def test_new_words_replace_old_ones_and_forgotten_things_are_not_found(session: Any, project: Any) -> None:
    key = put_entry(session, project, "harbour")
    index(session, "statement", key, project=project.id, words=["airport"], language="en")
    assert (keys(session, project, "harbour"), keys(session, project, "airport")) == ([], [key])
    forget(session, "statement", key)
    assert keys(session, project, "airport") == []


def test_two_kinds_may_bear_one_id(session: Any, project: Any) -> None:
    key = put_entry(session, project, "harbour")
    index(session, "source", key, project=project.id, words=["airport"], language="en")
    assert keys(session, project, "harbour") == keys(session, project, "airport") == [key]
    forget(session, "source", key)
    assert keys(session, project, "harbour") == [key]


def test_more_than_enough_hits_give_the_newest(session: Any, project: Any) -> None:
    made = [put_entry(session, project, f"harbour {number}") for number in range(2_010)]
    assert keys(session, project, "harbour", limit=3) == made[:-4:-1]


def test_a_huge_text_is_kept_and_found_by_its_first_words(session: Any, project: Any) -> None:
    text = " ".join(f"слово{number}" + "\U00010330" * 60 for number in range(6_000))
    key = put_entry(session, project, f"harbour {text}", language="ru")
    assert keys(session, project, "harbour") == [key]


@pytest.mark.parametrize("typed", [
    '"', "'", '"a" OR "b"', "a AND b", "NEAR(a b)", "terms:a", "a*", "^a", "-a", "(", "a:*", "a & b", "!a", "<->",
    "a\\", "\\'", "'::tsquery", "a\x00b", "\ud800", "''", "{terms}:a", "@", "a' | 'b", "*", "😀", "1,2.3,", "'" * 50,
])  # fmt: skip
def test_signs_of_the_databases_are_plain_text(session: Any, project: Any, typed: str) -> None:
    put_entry(session, project, "harbour")
    assert keys(session, project, f"harbour {typed} nothing") == []
    search(session, project.id, typed, prefix=True)
    search(session, project.id, typed, match="any")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_kept_and_asked_for(session: Any, project: Any, text: str, typed: str) -> None:
    key = put_entry(session, project, f"harbour {text}")
    search(session, project.id, typed, prefix=True)
    search(session, project.id, typed, match="any")
    assert key in keys(session, project, "harbour " + " ".join(text.split()[:4]))


def rows(session: Any) -> list[Any]:
    table = SearchEntry.__table__
    names = [column for column in table.columns if column.name != "number"]
    return sorted(session.execute(select(*names)).all(), key=str)


@pytest.fixture
def filled(ann: Any, project: Any) -> SimpleNamespace:
    """One of everything, made over HTTP and then changed: as the API gave it when it was made."""
    article = put(ann, "articles", {"project": project.id, "text": TEXT, "language": "en"})
    speaker = put(ann, "speakers", {"project": project.id, "name": "The mayor"})
    source = put(
        ann, "sources", {"project": project.id, "title": "Minutes", "authors": ["A. Clerk"], "url": ""}
    )
    said = {"project": project.id, "speaker": speaker["id"], "quote": "Never sold.", "said_on": "2024-03"}
    statement = put(ann, "statements", said)
    claim = put(
        ann, "annotations", annotation(article, claimant=speaker["id"], tags=["quay"], body="Look *here*")
    )
    return SimpleNamespace(article=article, speaker=speaker, source=source, statement=statement, claim=claim)


def test_what_the_operations_keep_is_what_a_rebuild_makes(filled: SimpleNamespace, session: Any) -> None:
    before = rows(session)
    assert len(before) == 4
    assert rebuild(session) == 4
    assert rows(session) == before


CHANGES = [
    ("speakers", "speaker", {"name": "Ada Quill"}, "quill"), ("sources", "source", {"note": "Dredging"}, "dredging"),
    ("statements", "statement", {"occasion": "Budget talks"}, "budget"),
    ("annotations", "claim", {"claim_text": "It was leased"}, "leased"),
    ("annotations", "claim", {"tags": ["dredging"]}, "dredging"),
]  # fmt: skip


@pytest.mark.parametrize(("things", "name", "change", "typed"), CHANGES)
def test_changed_words_are_found_at_once(
    ann: Any,
    session: Any,
    project: Any,
    filled: SimpleNamespace,
    things: str,
    name: str,
    change: Any,
    typed: str,
) -> None:
    key = getattr(filled, name)["id"]
    assert ann.change("PATCH", f"{HTTP}/{things}/{key}", change, version=1).status_code == 200
    assert key in keys(session, project, typed)
    before = rows(session)
    rebuild(session)
    assert rows(session) == before


def test_a_speakers_new_name_finds_what_was_said(
    ann: Any, session: Any, project: Any, filled: SimpleNamespace
) -> None:
    path = f"{HTTP}/speakers/{filled.speaker['id']}"
    ann.change("PATCH", path, {"also_known_as": ["Ada Quill"]}, version=1)
    assert keys(session, project, "quill never", kinds=("statement",)) == [filled.statement["id"]]


def test_deleted_annotations_are_found_only_when_restored(
    ann: Any, session: Any, project: Any, filled: SimpleNamespace
) -> None:
    path = f"{HTTP}/annotations/{filled.claim['id']}"
    ann.change("DELETE", path, version=1)
    assert keys(session, project, "quay") == []
    session.rollback()
    ann.change("POST", f"{path}/restore", version=2)
    assert keys(session, project, "quay") == [filled.claim["id"]]


def test_protected_sources_are_in_no_entry(session: Any, project: Any, filled: SimpleNamespace) -> None:
    row = session.get_one(Source, filled.source["id"])
    row.confidentiality = "protected"
    session.flush()
    assert keys(session, project, "minutes") == []
    row.confidentiality = "internal"
    session.flush()
    assert keys(session, project, "minutes") == [row.id]


def test_what_core_writes_is_read_when_it_is_named(
    session: Any, project: Any, filled: SimpleNamespace
) -> None:
    key = filled.source["id"]
    session.execute(update(Source).where(Source.id == key).values(title="Ledger"))
    assert keys(session, project, "ledger") == []
    changed(session, "source", [key])
    assert keys(session, project, "ledger") == [key]


def test_what_is_rolled_back_is_not_found(session: Any, project: Any, filled: SimpleNamespace) -> None:
    session.get_one(Source, filled.source["id"]).title = "Ledger"
    session.flush()
    session.rollback()
    assert (keys(session, project, "ledger"), keys(session, project, "minutes")) == (
        [],
        [filled.source["id"]],
    )


def test_entries_are_stale_when_missing_or_of_an_older_analysis(
    filled: SimpleNamespace, session: Any
) -> None:
    assert not stale(session)
    session.execute(update(SearchEntry).values(version=0))
    assert stale(session)
    rebuild(session)
    assert not stale(session)
    session.execute(SearchEntry.__table__.delete())
    assert stale(session)


def test_an_empty_database_is_not_stale(session: Any) -> None:
    assert not stale(session)


def test_rebuilding_one_project_leaves_the_other(session: Any, people: Any, project: Any) -> None:
    other = make_project(session, people, "other")
    theirs = put_entry(session, other, "harbour")
    put_entry(session, project, "harbour")
    assert rebuild(session, project.id) == 0
    assert (keys(session, project, "harbour"), keys(session, other, "harbour")) == ([], [theirs])
