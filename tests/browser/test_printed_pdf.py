"""A PDF that a real browser printed, read back."""

import pytest
from playwright.sync_api import Browser

from annotator.articles.ingest import PDF, read

pytestmark = pytest.mark.browser

FIRST = "Der Rat stimmte nach einer langen Debatte zu. " * 9 + "So war es zu ﬁnden"
SECOND = "Wie die Stadt sagt, beginnt der Bau der Linie im Juni. " * 120
PRINTED = f"""<html lang="de"><meta charset="utf-8"><title>Straßenbahn eröffnet</title>
<style>@page {{ size: A5; margin: 2cm }} p {{ font: 11pt serif; text-align: justify }}</style>
<h1>Straßenbahn eröffnet</h1><p>{FIRST}</p><p>{SECOND}</p></html>"""
HEADER = "<span style='font-size:8pt'>City Daily <span class=pageNumber></span></span>"


def test_what_a_browser_prints_is_read_back(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(PRINTED)
    options = {"header_template": HEADER, "footer_template": "<span></span>", "display_header_footer": True}
    document = read(page.pdf(prefer_css_page_size=True, **options), PDF)
    page.close()
    assert document.text.split("\n\n") == [
        "Straßenbahn eröffnet",
        FIRST.replace("ﬁ", "fi"),
        SECOND.strip(),
    ]
    assert document.value("title") == "Straßenbahn eröffnet"
