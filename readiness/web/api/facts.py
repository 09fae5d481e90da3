"""A firm's facts as JSON: the same rules as on the form, because it is the form that checks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from readiness.reports.facts import SECTORS
from readiness.storage.firms import FIELDS, Firm
from readiness.web.api import bodies
from readiness.web.forms import FirmForm, WholeNumberField
from readiness.web.problems import Problem, wrong


def export(firm: Firm) -> dict[str, Any]:
    """A firm as the API shows it."""
    facts = {name: getattr(firm, name) for name in FIELDS}
    return {"id": firm.id, **facts, "regions": list(firm.regions), "archived": bool(firm.archived_at)}


def of(firm: Firm) -> dict[str, Any]:
    """The facts of a firm, to be changed in part."""
    return {name: getattr(firm, name) for name in FIELDS} | {"regions": list(firm.regions)}


def read(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as readiness.storage.firms keeps them; raises Problem."""
    form = FirmForm(formdata=MultiDict(), meta={"csrf": False})
    sent: list[tuple[str, str]] = []
    for name, value in facts.items():
        _expect(name, value, form[name])
        sent += [(name, item) for item in value] if isinstance(value, list) else _typed(name, value)
    form.process(MultiDict(sent))
    if not form.validate():
        found = [wrong(name, str(errors[0])) for name, errors in form.errors.items() if name]
        raise Problem(422, "; ".join(f"{item['place']}: {item['problem']}" for item in found), found)
    return form.values()


def _typed(name: str, value: Any) -> list[tuple[str, str]]:
    return [] if value is None else [(name, value if isinstance(value, str) else str(int(value)))]


def _expect(name: str, value: Any, field: Any) -> None:
    """Refuse what is of another kind than the fact; raises Problem."""
    if name == "regions":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bodies.invalid(name, "a list of texts is expected here")
    elif isinstance(field, WholeNumberField):
        whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        if value is not None and not (whole and field.low <= value <= field.high):
            raise bodies.invalid(
                name, f"a whole number from {field.low} to {field.high}, or null, is expected here"
            )
    elif name == "sector" and value is not None and not (isinstance(value, str) and value in SECTORS):
        raise bodies.invalid(name, f"null or one of {', '.join(SECTORS)} is expected here")
    elif not isinstance(value, str) and (value is not None or name == "name"):
        raise bodies.invalid(name, "a text is expected here")
