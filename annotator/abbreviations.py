"""Words with a full stop that do not, or not by themselves, end a sentence. All are case-folded.

Cyrillic and other non-Latin lists hold whatever the language of the text is said to be: they cannot be mistaken
for one another often enough to matter, and pasted texts are often filed under the wrong language.
"""

_EVERYWHERE = """
им ул стр см ср проф акад доц св напр гл рис т.е т.к тел кв пл просп т.н т.наз
вул ім див т.зв акад просп ген полк ред
د أ.د م.د ص ج
डॉ श्री प्रो सं पं
"""

_NEVER_ENDING = {
    "en": """mr mrs ms dr prof sen rep gov gen lt col capt sgt maj adm rev hon st pres amb supt cmdr cpl pvt
        messrs mme mlle mt ft vs cf e.g i.e viz approx ca asst dept univ""",
    "de": """z.b d.h u.a z.t i.d.r o.ä bzw ca dr prof vgl st evtl ggf inkl hr fr bspw sog geb bes insb dipl ing
        mag jr gem str abs""",
    "fr": "m mm mme mmes mlle dr pr st ste cf p.ex env av bd",
}

_BEFORE_NUMBERS = """
no nos art sec op ch p pp vol fig figs eq par para ver
jan feb mar apr jun jul aug sep sept oct nov dec
nr abs s bd kap ziff
п пп с д ст ч разд подп стор буд пп
"""

_BEFORE_A_STARTER = {
    "en": "inc ltd co corp jr sr bros etc al a.m p.m ph.d u.s u.k u.n e.u d.c",
    "de": "usw etc mio mrd u.s",
    "": "г гг в вв т.д т.п др пр руб тыс млн млрд обл р рр тис грн ін т.ч",
}

_STARTERS = """
the a an this that these those he she it they we you i his her its their our my in on at by for from to of with
but and or so as if when while after before during since because although though however meanwhile then there
here what who where why how no not yes now today yesterday earlier later also both some many most all
er sie es wir ihr das der die ein eine dies diese doch aber und auch nach vor in im am bei mit als wenn dann
он она оно они мы вы я это этот эта эти в во на по но и а как при после до если когда также тогда там его ее их
він вона воно вони ми ви це цей ця ці у в на за але та й і а як при після до якщо коли також тоді там його її їх
"""

ORDINAL_DOT_LANGUAGES = frozenset("de da no nb nn fi cs sk pl hu sl hr sr bs et lv is tr".split())
"""Languages that write "3." for "third", so that a number's dot rarely ends a sentence."""

BEFORE_NUMBERS = frozenset(_BEFORE_NUMBERS.split())
STARTERS = frozenset(_STARTERS.split())


def never_ending(language: str) -> frozenset[str]:
    """Abbreviations that never end a sentence in a text of this language (two letters)."""
    return frozenset(f"{_EVERYWHERE} {_NEVER_ENDING.get(language, _NEVER_ENDING['en'])}".split())


def before_a_starter(language: str) -> frozenset[str]:
    """Abbreviations that end a sentence only when a word follows that usually opens one."""
    latin = _BEFORE_A_STARTER.get(language, _BEFORE_A_STARTER["en"])
    return frozenset(f"{_BEFORE_A_STARTER['']} {latin}".split())
