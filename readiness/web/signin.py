"""Signing in by a one-time link, signing out, and the places where one is signed in."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from readiness.storage import allowances, sessions, users
from readiness.web import access, locale, mail
from readiness.web.forms import AtMost, clean, email_address, named, visitor_hash

blueprint = Blueprint("signin", __name__)
Page = str | Response | tuple[str, int]

ASKS_PER_HOUR = 30
MAILS_PER_HOUR = 5
HOUR = timedelta(hours=1)


class AskForm(FlaskForm):
    """The address that a one-time link is sent to."""

    email = StringField(
        _l("Your e-mail address"),
        [InputRequired(_l("Please enter your e-mail address.")), AtMost(200), clean, email_address],
    )


def device() -> str:
    """The browser as it names itself, for the list of sessions."""
    return "".join(filter(str.isprintable, request.user_agent.string or ""))[:200]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access.public
def ask() -> Page:
    """Ask for a one-time link. The answer is the same for every address."""
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("signin/ask.html", form=form, by_mail=mail.configured()), (
            400 if form.is_submitted() else 200
        )
    email = users.tidy_email(str(form.email.data))
    if not allowances.spend(access.store(), "sign-in", visitor_hash(), ASKS_PER_HOUR, HOUR):
        form.form_errors.append(_("Too many links were asked for from your address. Please wait an hour."))
        return render_template("signin/ask.html", form=form, by_mail=mail.configured()), 429
    session.permanent = True
    session["next"] = _wanted()
    # What one visitor asks for an address uses up nobody else's share, so it locks nobody out.
    own = f"{visitor_hash()} {email}"
    if allowances.spend(access.store(), "sign-in mail", own, MAILS_PER_HOUR, HOUR) and mail.may_go(email):
        mail.send_sign_in_link(email, access.browser())
    return redirect(url_for(".asked"))


def _wanted() -> str:
    """The name of the page that the person was on the way to: an endpoint, never an address."""
    return request.args.get("next", "")[:60]


@blueprint.get("/sign-in/asked")
@access.public
def asked() -> str:
    """A link is on its way, if the address is known."""
    return render_template("signin/asked.html", by_mail=mail.configured())


@blueprint.get("/sign-in/open/<link>")
@access.public
def opened(link: str) -> str:
    """A link was opened: this uses nothing up, because mail programs open links too."""
    return render_template("signin/open.html", link=link)


@blueprint.post("/sign-in/open/<link>")
@access.public
def redeem(link: str) -> Page:
    """Use a one-time link up and sign in."""
    key = sessions.redeem(access.store(), link, access.browser(), device())
    if key is None:
        return render_template("signin/refused.html"), 400
    wanted = session.get("next", "")
    access.sign_in(key)
    return redirect(url_for(_endpoint(wanted)))


def _endpoint(wanted: str) -> str:
    """A page for who is signed in that needs no more than its name, or the portfolio."""
    rules = current_app.url_map.iter_rules(wanted) if wanted in current_app.view_functions else ()
    for rule in rules:
        if not rule.arguments and "GET" in (rule.methods or ()):
            return wanted
    return "portfolio.index"


@blueprint.post("/sign-out")
@access.public
def sign_out() -> Response:
    """End the session."""
    access.sign_out()
    return redirect(url_for("pages.landing"))


@blueprint.get("/account")
@access.member
def account() -> str:
    """Who one is here, where one is signed in, and in which organisations."""
    me = access.person()
    return render_template(
        "signin/account.html",
        me=me,
        sessions=sessions.of_user(access.store(), me.user.id),
        memberships=users.memberships(access.store(), me.user.id),
    )


@blueprint.post("/account/end-others")
@access.member
def end_others() -> Response:
    """End every session but this one."""
    sessions.end_others(access.store(), access.person())
    return redirect(url_for(".account"))


@blueprint.post("/account/organisation")
@access.member
def change_organisation() -> Response:
    """Go on in another organisation that one has a role in."""
    me, wanted = access.person(), named("organisation")
    key = sessions.move(access.store(), me, wanted, device())
    if key is None:
        places = users.memberships(access.store(), me.user.id)
        if wanted not in {place.organisation.id for place in places}:
            abort(404)
        return redirect(url_for(".ask"))  # the role is newer than the session: to sign in anew
    access.sign_in(key)
    locale.suggest(access.person().user.language)
    return redirect(url_for("portfolio.index"))
