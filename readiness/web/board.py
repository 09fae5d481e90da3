"""What the dashboard of a cohort shows, gathered from the store and kept for half a minute.

Kept by the cohort's id and version and by what is wanted of it: whatever changes the cohort raises its
version, and no other cohort is ever found in its place.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from readiness.core import model as models
from readiness.core import panel, pattern, standing
from readiness.core.bands import AGES, SIZES
from readiness.core.model import Model
from readiness.core.standing import Facts, Summary
from readiness.storage import cohorts, standings
from readiness.storage.cohorts import Cohort, Completion
from readiness.storage.engine import Store, now
from readiness.storage.standings import Filter, Standings

#: The path of a firm whose facts do not decide.
UNDECIDED = "undecided"

#: Seconds for which a board is shown at most, though nothing said that the cohort changed.
OLDEST = 30
#: Boards that are kept, and firms of all of them together.
MOST_BOARDS, MOST_FIRMS = 64, 200_000
#: Texts that are kept with a board, a few ten thousand characters each.
MOST_TEXTS = 32


@dataclass(frozen=True)
class Wanted:
    """Which firms of a cohort are wanted, by keys of bands; empty for all."""

    sector: str = ""
    size: str = ""
    age: str = ""
    path: str = ""

    def filter(self, year: int) -> Filter:
        """What of it the store can tell; the path is told by several facts together."""
        smallest, largest = SIZES.get(self.size, (None, None))
        youngest, oldest = AGES.get(self.age, (None, None))
        return Filter(
            sector=self.sector,
            employees_from=smallest,
            employees_to=largest,
            founded_from=None if oldest is None else year - oldest,
            founded_to=None if youngest is None else year - youngest,
        )


@dataclass(frozen=True)
class Board:
    """A cohort as its dashboard shows it, in numbers."""

    made_at: str
    completion: Completion
    """Of the whole cohort, whatever is wanted."""
    left_out: int
    """Wanted firms that were last assessed by another version of the model."""
    summary: Summary
    firm_ids: tuple[str, ...]
    _texts: dict[Hashable, str] = field(default_factory=dict)
    """What was made of it, at most MOST_TEXTS."""

    def text(self, key: Hashable, make: Callable[[], str]) -> str:
        """What was made of the board under this key, made now if it was not yet."""
        found = self._texts.get(key)
        if found is None:
            found = make()
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[key] = found
        return found

    def ordered(self, row: int, up: bool) -> NDArray[np.int_]:
        """Places of the firms by a row of the summary's index; without an index last."""
        values = np.round(self.summary.index[row], 9)
        return np.argsort(np.where(np.isnan(values), np.inf, values if up else -values), kind="stable")

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Of the firms, by id."""
        return {firm_id: at for at, firm_id in enumerate(self.firm_ids)}


Key = tuple[str, int, Wanted]


class Boards:
    """The boards that an application keeps."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[float, Board]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, store: Store, cohort: Cohort, wanted: Wanted) -> Board:
        """The board of a cohort, as it was no longer than OLDEST seconds and no version ago."""
        key = (cohort.id, cohort.version, wanted)
        with self._lock:
            found = self._kept.get(key)
        if found is not None and time.monotonic() - found[0] < OLDEST:
            return found[1]
        board = build(store, cohort.id, wanted)
        with self._lock:
            self._keep(key, board)
        return board

    def _keep(self, key: Key, board: Board) -> None:
        kept = self._kept
        for other in [other for other in kept if other[0] == key[0] and other[1] < key[1]]:
            del kept[other]  # nobody asks for an earlier version again
        kept[key] = (time.monotonic(), board)
        kept.move_to_end(key)
        while len(kept) > 1 and (
            len(kept) > MOST_BOARDS or sum(len(board.firm_ids) for _, board in kept.values()) > MOST_FIRMS
        ):
            kept.popitem(last=False)

    def forget(self) -> None:
        """Keep nothing of what was kept."""
        with self._lock:
            self._kept.clear()


def build(store: Store, cohort_id: str, wanted: Wanted) -> Board:
    """Gather a board from the store."""
    model, year = models.load(), datetime.now(UTC).year
    at = now()
    asked = wanted.filter(year)
    found = standings.read(store, cohort_id, model, wanted=asked, facts=pattern.FIELDS)
    everybody = len(found.firm_ids) if wanted == Wanted() else None
    completion = cohorts.completion(store, cohort_id, finished=everybody)
    left_out = (
        0 if completion.finished == everybody else standings.of_other_models(store, cohort_id, model, asked)
    )
    paths = standing.paths(_facts(found), model.patterns)
    places = _places(wanted.path, paths)
    return Board(
        made_at=at,
        completion=completion,
        left_out=left_out,
        summary=_summary(model, found, paths, places),
        firm_ids=found.firm_ids if places is None else tuple(found.firm_ids[at] for at in places),
    )


def _facts(found: Standings) -> Facts:
    """What the paths are told by, in the year in which each firm finished."""
    regions = {text: float(text.count('"') // 2) for text in set(found.known["regions"])}
    return Facts(
        year=np.array([float(moment[:4]) for moment in found.finished_at]),
        regions=np.array([regions[text] for text in found.known["regions"]]),
        **{name: np.array(found.known[name], dtype=float) for name in pattern.FIELDS if name != "regions"},
    )


def _places(wanted: str, paths: Sequence[str | None]) -> list[int] | None:
    """Places of the firms on the wanted path; None for all."""
    if not wanted:
        return None
    name = None if wanted == UNDECIDED else wanted
    return [at for at, path in enumerate(paths) if path == name]


def _summary(
    model: Model, found: Standings, paths: Sequence[str | None], places: list[int] | None
) -> Summary:
    if places is None:
        return standing.summarise(panel.panel(model, found.codes, found.several), found.routes, paths)
    several = {new: found.several[old] for new, old in enumerate(places) if old in found.several}
    made = panel.panel(model, np.ascontiguousarray(found.codes[:, places]), several)
    return standing.summarise(made, [found.routes[at] for at in places], [paths[at] for at in places])
