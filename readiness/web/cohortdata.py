"""A cohort's firms for an analysis: a table, a workbook or a document, and what its columns mean."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from readiness.core import model as models
from readiness.core.model import Model
from readiness.core.outcomes import outcomes
from readiness.reports import datafiles
from readiness.reports.datacase import FIRST, MEAN, Case, Column
from readiness.reports.datacolumns import columns
from readiness.storage import cohortdata, standings
from readiness.storage.cohorts import Cohort
from readiness.storage.engine import now
from readiness.web import access, locale
from readiness.web.downloads import attachment
from readiness.web.exports import KINDS

blueprint = Blueprint("cohortdata", __name__)
Page = str | Response | tuple[str, int]
LATEST, ALL, NO, YES = "latest", "all", "no", "yes"


@dataclass(frozen=True)
class Choice:
    """Something to choose about a file; the first is taken where nothing is said."""

    name: str
    label: str
    options: Mapping[str, str]
    """Label by value."""


#: They change nothing, so they stand in the address.
CHOICES = (
    Choice(
        "kind",
        _l("File"),
        {
            "xlsx": _l("XLSX: a workbook with the dictionary as its second sheet"),
            "csv": _l("CSV: a table; the dictionary is a file of its own"),
            "json": _l("JSON: a document with the dictionary in it"),
        },
    ),
    Choice(
        "rounds",
        _l("Rounds"),
        {LATEST: _l("the latest finished round of each firm"), ALL: _l("every finished round")},
    ),
    Choice(
        "answers",
        _l("Indicators"),
        {
            FIRST: _l("the first rater’s answer, as its term"),
            MEAN: _l("the mean of all raters, as index from 0 to 100"),
        },
    ),
    Choice(
        "names",
        _l("Names of the firms"),
        {NO: _l("without names, each firm with a mark of its own"), YES: _l("with names")},
    ),
)


def _chosen() -> dict[str, str]:
    """What the address chooses, whether there is such a choice or not."""
    return {choice.name: request.args.get(choice.name, next(iter(choice.options))) for choice in CHOICES}


def _wrong(chosen: Mapping[str, str]) -> list[Choice]:
    return [choice for choice in CHOICES if chosen[choice.name] not in choice.options]


@blueprint.get("/programmes/<cohort_id>/data")
@access.manager
def page(cohort_id: str) -> str:
    """What can be had, and of how many firms."""
    del cohort_id
    return _page(_chosen())


def _page(chosen: Mapping[str, str]) -> str:
    found, model = access.cohort(), models.load()
    return render_template(
        "cohortdata/page.html",
        cohort=found,
        choices=CHOICES,
        chosen=chosen,
        wrong=_wrong(chosen),
        firms=len(cohortdata.read(access.store(), found.id, model, every_round=False)),
        left_out=cohortdata.left_out(access.store(), found.id, model),
        model=model,
    )


@blueprint.get("/programmes/<cohort_id>/data/file")
@access.manager
def file(cohort_id: str) -> Page:
    """The rows as they were chosen."""
    del cohort_id
    chosen = _chosen()
    if _wrong(chosen):
        return _page(chosen), 400
    found, spoken = access.cohort(), locale.current()
    wanted, cases = _columns(chosen), _cases(found, chosen["rounds"] == ALL)
    if chosen["kind"] == "csv":
        content: Iterator[bytes] | bytes = datafiles.as_csv(wanted, cases)
    elif chosen["kind"] == "json":
        content = datafiles.as_json(wanted, cases, _about(found, chosen), spoken)
    else:
        content = datafiles.as_xlsx(wanted, cases, _about(found, chosen), spoken)
    return attachment(content, KINDS[chosen["kind"]], _name(found, _("data")), chosen["kind"])


@blueprint.get("/programmes/<cohort_id>/data/dictionary")
@access.manager
def dictionary(cohort_id: str) -> Page:
    """What each column means."""
    del cohort_id
    chosen = _chosen()
    if _wrong(chosen):
        return _page(chosen), 400
    return render_template(
        "cohortdata/dictionary.html",
        cohort=access.cohort(),
        columns=_columns(chosen),
        kinds=datafiles.kinds(locale.current()),
        chosen=chosen,
    )


@blueprint.get("/programmes/<cohort_id>/data/dictionary.csv")
@access.manager
def dictionary_file(cohort_id: str) -> Page:
    """The same as a table."""
    del cohort_id
    chosen = _chosen()
    if _wrong(chosen):
        return _page(chosen), 400
    content = datafiles.dictionary_csv(_columns(chosen), locale.current())
    return attachment(content, KINDS["csv"], _name(access.cohort(), _("dictionary")), "csv")


def _name(found: Cohort, what: str) -> str:
    """What a file is called; an invented cohort says so."""
    name = f"{found.name} {what}"
    return f"{name} ({_('invented')})" if found.invented else name


def _columns(chosen: Mapping[str, str]) -> list[Column]:
    found = access.cohort()
    return columns(
        models.load(), locale.current(), found.name, found.invented, chosen["answers"], chosen["names"] == YES
    )


def _about(found: Cohort, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What a file says of itself; its entries are read by programs."""
    return {
        "cohort": found.name,
        "invented": found.invented,
        "model": models.CURRENT,
        "made_on": now()[:10],
        "rounds": chosen["rounds"],
        "answers": chosen["answers"],
        "names": chosen["names"] == YES,
    }


def _cases(found: Cohort, every_round: bool) -> Iterator[Case]:
    """The finished rounds, scored one by one."""
    model: Model = models.load()
    held = cohortdata.read(access.store(), found.id, model, every_round)
    facts = standings.all_facts(access.store(), found.id)
    routes = [outcome.route for outcome in outcomes(model, [item.codes for item in held])]
    secret = current_app.config["SECRET_KEY"]
    return (
        Case(
            mark=_mark(secret, found.id, item.firm_id),
            facts=facts[item.firm_id].known(),
            round=item.round,
            finished=item.finished_at[:10],
            model=model,
            codes=item.codes,
            route=route,
        )
        for item, route in zip(held, routes, strict=True)
        if item.firm_id in facts
    )


def _mark(secret: str | bytes, cohort_id: str, firm_id: str) -> str:
    """What stands for a firm in a cohort's files, and leads to it nowhere but here."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(key, f"firm {firm_id} in {cohort_id}".encode(), "sha256")[:6].hex()
