"""Dated points -> the geometry of a picture of time, drawn as SVG by `templates/macros/timeline.html`.

A point lies where it may have happened: a day is a dot, a month or a year a bar as long as the time it may mean.
Lengths are units of the picture's own `viewBox`. Nothing here reads a clock, a database or a request.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from annotator import dates
from annotator.timeaxis import Axis, Tick, axis_over

Lane = Literal["above", "line", "below"]

WIDTH, MARGIN = 960, 48
ROW, PAD = 18, 8
DOT, SHORTEST_BAR, GAP = 10.0, 8.0, 3.0
MOST_ROWS = 10
GROUP = 48
UNKNOWN = "date unknown"
LANES: tuple[Lane, ...] = ("above", "line", "below")
PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Point:
    """Something with a date, or without one: `on` is `YYYY[-MM[-DD]]`, `tone` one of the interface's eight.

    `translation` stands under the label where that is in a language that readers may not know.
    """

    key: str
    on: str | None
    label: str
    lane: Lane = "line"
    tone: str = ""
    href: str = ""
    note: str = ""
    translation: str = ""

    @property
    def when(self) -> str:
        """Give the date as people write it, or "date unknown"."""
        return dates.shown(self.on) if self.on else UNKNOWN


@dataclass(frozen=True, slots=True)
class Mark:
    """A point's place: a dot of `width` around its middle or a bar from `x` on; `row` counts away from the axis."""

    point: Point
    when: str
    precision: str
    x: float
    width: float
    y: float
    row: int

    @property
    def middle(self) -> float:
        """Give the middle of the mark along the axis."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class More:
    """Marks that found no row: how many, around where, and the first and last of them in order of time."""

    x: float
    y: float
    count: int
    first: Point
    last: Point
    lane: Lane


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of one lane: its name in words, the edges, and the middle of its row next to the axis."""

    lane: Lane
    words: str
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A picture of time: `marks` and `dated` in order of time, `undated` as they came, `axis_y` the line itself.

    `legend` says what the tones mean that the picture has.
    """

    width: int = WIDTH
    height: float = 0
    axis_y: float = 0
    marks: tuple[Mark, ...] = ()
    more: tuple[More, ...] = ()
    ticks: tuple[Tick, ...] = ()
    bands: tuple[Band, ...] = ()
    dated: tuple[Point, ...] = ()
    undated: tuple[Point, ...] = ()
    lanes: Mapping[str, str] = field(default_factory=dict)
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def bars(self) -> bool:
        """Tell whether a mark is a bar, which means some time in there."""
        return any(mark.precision != "day" for mark in self.marks)

    @property
    def points(self) -> tuple[Point, ...]:
        """Give every point: the dated in order of time, then the undated."""
        return self.dated + self.undated

    @property
    def words(self) -> str:
        """Say in a sentence or two what the picture shows."""
        parts = []
        if self.dated:
            first, last = self.dated[0].when, self.dated[-1].when
            time = first if first == last else f"{first} to {last}"
            parts.append(f"{len(self.dated)} dated, {time}.")
        if self.undated:
            parts.append(f"{len(self.undated)} without a date.")
        return " ".join(parts) or "Nothing to show."


@dataclass(slots=True)
class _Place:
    """A dated point before it has its height; `row` is -1 where no row was free."""

    point: Point
    when: dates.ImpreciseDate
    x: float = 0
    width: float = 0
    row: int = -1


def draw(
    points: Iterable[Point],
    *,
    lanes: Mapping[str, str] | None = None,
    legend: Mapping[str, str] | None = None,
) -> Timeline:
    """Place the points; `lanes` names the lanes in words ({"above": "Supports"}), `legend` the tones.

    Raises ValueError for what is no date.
    The height is bounded: a lane has ten rows at most, and what finds no place there is counted in a `More`.
    """
    given = list(points)
    undated = tuple(point for point in given if not point.on)
    places = sorted(
        (_Place(point, dates.parse(point.on)) for point in given if point.on),
        key=lambda place: (place.when.earliest, place.when.latest),
    )
    names = dict(lanes or {})
    if not places:
        return Timeline(undated=undated, lanes=names)
    axis = axis_over(places[0].when.earliest, max(place.when.latest for place in places), MARGIN, WIDTH)
    for place in places:
        place.x, place.width = _extent(axis, place.when)
    rows = {lane: _stack([place for place in places if place.point.lane == lane]) for lane in LANES}
    drawn = _laid_out(places, rows, axis, undated, names)
    tones = {mark.point.tone for mark in drawn.marks}
    return replace(drawn, legend=tuple(pair for pair in (legend or {}).items() if pair[0] in tones))


def _extent(axis: Axis, when: dates.ImpreciseDate) -> tuple[float, float]:
    """Give where a mark begins and how wide it is; one too small to be seen is widened around its middle."""
    left, right = axis.at(when.earliest), axis.at(when.latest, after=True)
    width = DOT if len(when.value) == 10 else max(right - left, SHORTEST_BAR)
    return round((left + right - width) / 2, 1), round(width, 1)


def _stack(places: Sequence[_Place]) -> int:
    """Give each place of one lane the nearest row that is free there; gives the number of rows used."""
    ends: list[float] = []
    for place in places:
        row = next((row for row, end in enumerate(ends) if end + GAP <= place.x), len(ends))
        if row == MOST_ROWS:
            continue
        if row == len(ends):
            ends.append(0)
        ends[row] = place.x + place.width
        place.row = row
    return len(ends)


def _laid_out(
    places: list[_Place],
    rows: Mapping[Lane, int],
    axis: Axis,
    undated: tuple[Point, ...],
    names: Mapping[str, str],
) -> Timeline:
    crowded = {place.point.lane for place in places if place.row < 0}
    bands, axis_y = _bands(rows, crowded, names)
    edges = {band.lane: band for band in bands}
    marks = tuple(_mark(place, edges[place.point.lane]) for place in places if place.row >= 0)
    return Timeline(
        height=bands[-1].bottom + 2 * PAD + ROW,
        axis_y=axis_y,
        marks=marks,
        more=_more(places, edges),
        ticks=axis.ticks,
        bands=bands,
        dated=tuple(place.point for place in places),
        undated=undated,
        lanes=names,
    )


def _bands(
    rows: Mapping[Lane, int], crowded: set[Lane], names: Mapping[str, str]
) -> tuple[tuple[Band, ...], float]:
    """Give the lanes that are used or named from top to bottom, and the height of the axis below `above` and `line`."""
    bands, y, axis_y = [], float(PAD), 0.0
    for lane in LANES:
        if lane == "below":
            axis_y = y
        count = rows[lane] + (lane in crowded)
        if count == 0 and lane not in names:
            continue
        height = max(count, 1) * ROW + PAD + (ROW if names.get(lane) else 0)
        bands.append(Band(lane, names.get(lane, ""), y, y + height))
        y += height
        axis_y = y if lane != "below" else axis_y
    return tuple(bands), axis_y


def _height(band: Band, row: int) -> float:
    """Give the middle of a row of the band; rows count away from the axis, which lies below all but `below`."""
    away = row * ROW + (ROW + PAD) / 2
    return band.top + away if band.lane == "below" else band.bottom - away


def _mark(place: _Place, band: Band) -> Mark:
    return Mark(
        place.point,
        dates.in_words(place.when),
        PRECISIONS[len(place.when.value)],
        place.x,
        place.width,
        _height(band, place.row),
        place.row,
    )


def _more(places: Iterable[_Place], bands: Mapping[Lane, Band]) -> tuple[More, ...]:
    """Count what found no row, by lane and stretch of the axis, in a row of its own beyond the last."""
    groups: dict[tuple[Lane, int], list[Point]] = {}
    for place in places:
        if place.row < 0:
            stretch = int((place.x + place.width / 2) // GROUP)
            groups.setdefault((place.point.lane, stretch), []).append(place.point)
    return tuple(
        More((stretch + 0.5) * GROUP, _height(bands[lane], MOST_ROWS), len(found), found[0], found[-1], lane)
        for (lane, stretch), found in groups.items()
    )
