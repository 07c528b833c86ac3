"""A short name from any name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.projects.slugs import PATTERN, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Parliament desk", "parliament-desk"),
        ("  Wahlen – 2026!  ", "wahlen-2026"),
        ("Łódź & Århus, Œuvre", "lodz-arhus-oeuvre"),
        ("Straße", "strasse"),
        ("Фактчек Україна", "faktchek-ukrayina"),
        ("Έλεγχος", "elegchos"),
        ("事実確認", "project"),
        ("x" * 200, "x" * 60),
    ],
)
def test_slug_is_readable(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=300))
def test_slug_always_fits_an_address(name: str) -> None:
    assert PATTERN.fullmatch(slug_of(name))
