"""The tokens with which programs of an organisation use the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired

from readiness.storage import audit, tokens
from readiness.web import access, locale
from readiness.web.forms import AtMost, clean, named, tidy

blueprint = Blueprint("tokens", __name__)
Page = str | Response | tuple[str, int]

SCOPES = {
    tokens.FIRMS_READ: _l("see the firms and when they were assessed"),
    tokens.FIRMS_WRITE: _l("add, change and delete firms, and hand in assessments"),
    tokens.RESULTS_READ: _l("see answers and scores"),
}
LIFETIMES = {"30": _l("30 days"), "90": _l("90 days"), "365": _l("a year")}


class TokenForm(FlaskForm):
    """A token to be made."""

    name = StringField(
        _l("What it is for"), [InputRequired(_l("Please say what it is for.")), AtMost(80), clean]
    )
    scopes = SelectMultipleField(_l("What it may do"))
    lifetime = SelectField(_l("Good for"), default="90")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes.choices, self.lifetime.choices = list(SCOPES.items()), list(LIFETIMES.items())

    def validate_name(self, field: Field) -> None:
        """A name of blanks is no name."""
        if not tidy(field.data):
            raise ValidationError(_l("Please say what it is for."))

    def validate_scopes(self, field: Field) -> None:
        """A token that may do nothing is of no use."""
        if not field.data:
            raise ValidationError(_l("Please choose at least one."))


@blueprint.route("/organisation/tokens", methods=["GET", "POST"])
@access.administrator
def index() -> Page:
    """Every token; making one, whose key is shown this once."""
    form, me = TokenForm(), access.person()
    if not form.validate_on_submit():
        return _page(form), 400 if form.is_submitted() else 200
    name, lifetime = tidy(form.name.data), timedelta(days=int(form.lifetime.data))
    with access.store().write() as transaction:
        made, key = tokens.add(
            transaction, me.organisation.id, name, form.scopes.data, lifetime, me.user.name
        )
        audit.record(transaction, me.organisation.id, me.user.name, "token.add", made.name)
    return _page(TokenForm(formdata=None), key, made.name)


def _page(form: TokenForm, key: str = "", name: str = "") -> str:
    return render_template(
        "tokens/index.html",
        form=form,
        tokens=tokens.listing(access.store(), access.person().organisation.id),
        scopes=SCOPES,
        key=key,
        name=name,
    )


@blueprint.post("/organisation/tokens/remove")
@access.administrator
def remove() -> Page:
    """Revoke a token: from now on it opens nothing."""
    me = access.person()
    with access.store().write() as transaction:
        name = tokens.remove(transaction, me.organisation.id, named("token"))
        if name is None:
            abort(404)
        audit.record(transaction, me.organisation.id, me.user.name, "token.remove", name)
    session["notice"] = _("The token “%(name)s” opens nothing any more.", name=locale.current().isolate(name))
    return redirect(url_for(".index"))
