"""Notes people write become safe HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.markdown import clean, render

ALLOWED_TAG = re.compile(
    r"</?(?:p|em|strong|ul|ol|li|blockquote|code|pre|br)>|</a>"
    r'|<a href="(?:https?://|mailto:)[^"<>]*" rel="noopener noreferrer nofollow">'
)

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<style>*{background:url(https://evil.example/)}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=https://evil.example/>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video poster=https://evil.example/x.png><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href='javascript:alert(1)'>x</a>",
    "<p style='position:fixed' id=x name=y class=z data-x=1>words</p>",
    "<!-- <img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT SRC=//evil.example/x.js>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<<script>alert(1);//<</script>",
    "<img/src=x/onerror=alert(1)//",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](/admin/users/delete)",
    "[x](//evil.example/)",
    "[x](blob:https://evil.example/1)",
    '[x](https://e.example/" onmouseover="alert(1))',
    "[x](https://e.example 'a\" onmouseover=\"alert(1)')",
    '[x](https://e.example/ "t")<script>alert(1)</script>',
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x](x "onerror=alert(1)")',
    "<javascript:alert(1)>",
    '<https://e.example/"onclick=alert(1)>',
    "[a]: javascript:alert(1)\n\n[a]",
    "`<img src=x onerror=alert(1)>`",
    "```<script>\nalert(1)\n```",
    '```html" onclick=alert(1)\n<script>alert(1)</script>\n```',
    "    <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "> <script>alert(1)</script>",
    "- <svg/onload=alert(1)>",
    "**<b onclick=alert(1)>x</b>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028<script>\u2029alert(1)</script>",
]


def foreign_markup(html: str) -> str:
    """What is left of the angle brackets once the tags a note may have are taken out."""
    return "".join(re.findall("[<>]", ALLOWED_TAG.sub("", html).replace("&gt;", "").replace("&lt;", "")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_note_leaves_nothing_but_words_and_safe_links(payload: str) -> None:
    html = render(payload)
    assert foreign_markup(html) == ""
    assert clean(html) == html


@given(st.text(alphabet="<>&\"'`*_[]()!#-=:/ \n\tabjs", max_size=60))
def test_no_note_leaves_foreign_markup(note: str) -> None:
    html = render(note)
    assert foreign_markup(html) == ""
    assert clean(html) == html


@pytest.mark.parametrize(
    ("note", "html"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("**bold** *em* `code`", "<p><strong>bold</strong> <em>em</em> <code>code</code></p>\n"),
        ("# Title", "<p><strong>Title</strong></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("```py\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("", ""),
        (
            "[decree](https://example.org/a?b=1&c=2)",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">decree</a></p>\n',
        ),
        (
            "<ann@example.org>",
            '<p><a href="mailto:ann@example.org" rel="noopener noreferrer nofollow">ann@example.org</a></p>\n',
        ),
    ],
)
def test_a_note_is_shown_as_it_was_meant(note: str, html: str) -> None:
    assert render(note) == html
