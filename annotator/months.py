"""Names of the months, for reading dates: English, Ukrainian, Russian, German, French, with their short forms."""

_NAMES = (
    ("january jan", "січень січня січ", "январь января янв", "januar jänner", "janvier janv"),
    ("february feb", "лютий лютого лют", "февраль февраля фев", "februar", "février févr fév"),
    ("march mar", "березень березня бер", "март марта мар", "märz mär", "mars"),
    ("april apr", "квітень квітня кві", "апрель апреля апр", "april", "avril avr"),
    ("may", "травень травня тра", "май мая", "mai", "mai"),
    ("june jun", "червень червня чер", "июнь июня июн", "juni", "juin"),
    ("july jul", "липень липня лип", "июль июля июл", "juli", "juillet juil"),
    ("august aug", "серпень серпня сер", "август августа авг", "august", "août"),
    ("september sept sep", "вересень вересня вер", "сентябрь сентября сен сент", "september", "septembre"),
    ("october oct", "жовтень жовтня жов", "октябрь октября окт", "oktober okt", "octobre"),
    ("november nov", "листопад листопада лис", "ноябрь ноября ноя", "november", "novembre"),
    ("december dec", "грудень грудня гру", "декабрь декабря дек", "dezember dez", "décembre déc"),
)

MONTH_NUMBERS = {
    name: number
    for number, languages in enumerate(_NAMES, start=1)
    for names in languages
    for name in names.split()
}
"""Case-folded name or short form -> 1 to 12."""
