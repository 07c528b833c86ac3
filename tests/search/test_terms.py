"""The terms of words: forms that must meet, in every script; what is bounded; what is left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.terms import LONGEST_TERM, MOST_TERMS, MOST_WORDS, query_terms, terms

# What stands in a text, in which language, and another form of it that somebody types.
MEETING = [
    ("The ministers promised", "en", "minister promises"), ("переговоров о гавани", "ru", "переговоры гавань"),
    ("указами Зеленского", "ru", "указ Зеленским"), ("про Путіна", "uk", "путін"), ("об’єктів", "uk", "об'єкт"),
    ("нові переговори", "uk", "переговорів"), ("المفاوضات", "ar", "مفاوضات"), ("والمدرسة", "ar", "مدرسة"),
    ("الإدارة", "ar", "اداره"), ("谈判代表团", "zh", "谈判"), ("私たちの港", "ja", "港"),
    ("항구를 팔았다", "ko", "항구"), ("Straße", "de", "STRASSE"), ("die Häuser", "de", "Haus"),
    ("5,300 men", "en", "5300"), ("3.5 per cent", "en", "3.5"), ("١٢ مليون", "ar", "12"), ("it’s theirs", "en", "it's"),
    ("l’accord", "fr", "accord"), ("हिन्दी में", "hi", "हिन्दी"),
    ("co\u00adope\u200brate", "en", "cooperate"), ("ＦＵＬＬ", "en", "full"), ("ท่าเรือเก่า", "th", "ท่าเรือ"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "typed"), MEETING, ids=[typed for _, _, typed in MEETING])
@pytest.mark.parametrize("known", [True, False], ids=["language", "script"])
def test_forms_of_a_word_meet(text: str, language: str, typed: str, known: bool) -> None:
    there = set(terms(text, language))
    asked = query_terms(typed, [language] if known or language in ("de", "fr") else [])
    assert [word for word in asked if not there & set(word.forms) and not word.open] == []


def test_different_words_do_not_meet() -> None:
    assert not set(terms("указы", "ru")) & set(terms("уколы", "ru"))
    assert not set(terms("谈判", "zh")) & set(terms("判断", "zh"))


def test_a_word_stands_beside_its_lemma_so_that_its_beginning_is_found() -> None:
    assert terms("sold", "en") == ["sell", "sold"]
    assert terms("harbours", "en") == ["harbour", "harbours"]


def test_numbers_stay_whole() -> None:
    assert terms("5,300 and 3.5 of 12", "en") == ["5,300", "5300", "and", "3.5", "of", "12"]
    assert not {"5", "300"} & set(terms("5,300", "en"))


def test_each_sign_is_found_wherever_it_stands_in_a_run() -> None:
    there = terms("我们的港口", "zh")
    assert [sign for sign in "我们的港口" if not any(term.startswith(sign) for term in there)] == []


def test_a_word_is_taken_in_every_language_asked_for() -> None:
    asked = set(query_terms("переговоры", ["ru", "uk"])[0].forms)
    assert asked & set(terms("переговоров", "ru"))
    assert set(query_terms("переговорів", ["ru", "uk"])[0].forms) & set(terms("переговори", "uk"))


@pytest.mark.parametrize("language", ["uk-UA", "UK", "uk_UA"])
def test_a_region_changes_nothing(language: str) -> None:
    assert terms("переговорів", language) == terms("переговорів", "uk")


def test_a_huge_text_gives_bounded_terms() -> None:
    found = terms(" ".join(f"w{number}" for number in range(30_000)) + " " + "x" * 500, "en")
    assert len(found) == MOST_TERMS
    assert max(map(len, terms("x" * 500 + " " + "ж" * 500, "ru"))) == LONGEST_TERM
    assert len(query_terms("a b " * 100, ["en"])) == MOST_WORDS


@given(st.text(max_size=200), st.sampled_from(["", "en", "ru", "uk", "ar", "zh", "de", "tlh", "x"]))
def test_any_text_gives_plain_terms(text: str, language: str) -> None:
    found = [*terms(text, language), *(form for word in query_terms(text, [language]) for form in word.forms)]
    assert [term for term in found if not term or term.split() != [term] or set(term) & set("@\"'\\\0")] == []
    assert [term for term in found if len(term) > LONGEST_TERM] == []


@pytest.mark.parametrize(("text", "language", "typed"), [
    ("п'ять людей", "uk", "п'ят"), ("м’ясо", "uk", "м'яс"), ("أكد الوزير", "ar", "أك"), ("هي آمنة", "ar", "آمن"),
    ("O’Brien said", "en", "o'b"), ("naïve", "en", "naïv"), ("naïve", "en", "naiv"), ("İstanbul", "tr", "istan"),
])  # fmt: skip
def test_the_beginning_of_a_word_is_asked_in_the_form_of_terms(text: str, language: str, typed: str) -> None:
    begun = query_terms(typed, [language])[-1].start
    assert [term for term in terms(text, language) if term.startswith(begun)] != []


@pytest.mark.parametrize(
    ("text", "typed"), [("naïve", "naive"), ("une façade", "facade"), ("İstanbul", "istanbul")]
)
def test_letters_are_found_without_their_marks(text: str, typed: str) -> None:
    assert set(query_terms(typed, ["en"])[0].forms) & set(terms(text, "en"))


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_plain_latin_text_is_cut_as_any_other(text: str) -> None:
    assert terms(text, "en") == [term for term in terms(f"{text} ж", "en") if term != "ж"]
