"""What stands on an organisation's reports: its name, contact, colour and logo."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired

from readiness.core.answers import NAME_LENGTH
from readiness.core.merge import digest
from readiness.reports import colour as colours
from readiness.reports.drawing import LogoError
from readiness.reports.language import latin_digits
from readiness.reports.logo import MOST_BYTES, MOST_PIXELS, make_logo
from readiness.storage import organisations
from readiness.storage.organisations import Organisation
from readiness.web import access, locale
from readiness.web.forms import AtMost, clean, tidy

blueprint = Blueprint("settings", __name__)
Page = str | AnyResponse | tuple[str, int]

CONTACT_LENGTH, CONTACT_LINES = 300, 5
#: A file that is too large is read this far, so that the page can say so itself.
ROOM = 8 * MOST_BYTES
#: Why a file makes no logo.
PROBLEMS = {
    "empty": _l("Please choose a file."),
    "bytes": _l("This file is larger than 1 MB. Save the logo smaller, please."),
    "pixels": _l("This picture has more than %(pixels)s million pixels. Save it smaller, please."),
    "type": _l("This is neither a PNG nor a JPEG nor an SVG file."),
    "broken": _l("This file is damaged or incomplete and cannot be read."),
    "costly": _l("This file takes too much memory or time to draw. Save the logo as PNG, please."),
    "entities": _l(
        "This SVG file declares words of its own, which is not read. Save the logo as PNG, please."
    ),
    "element": _l(
        "This SVG file holds “%(detail)s”, which is not drawn here. Turn text into paths, or save the logo as"
        " PNG, please."
    ),
    "elsewhere": _l("This SVG file refers to something outside itself. Save the logo as PNG, please."),
    "sheet": _l("The stylesheet of this SVG file is not understood. Save the logo as PNG, please."),
    "elements": _l("This SVG file has too many parts. Save the logo as PNG, please."),
    "size": _l("This SVG file does not say how large it is. Save the logo as PNG, please."),
}


def _tidy_colour(text: str | None) -> str:
    """A typed colour as #rrggbb where it can be one, else as it was typed."""
    typed = latin_digits(tidy(text)).lower()
    code = typed.removeprefix("#")
    if len(code) == 3:
        code = "".join(2 * digit for digit in code)
    return f"#{code}" if colours.is_colour(f"#{code}") else typed


class SettingsForm(FlaskForm):
    """The texts on the reports, and their colour."""

    name = StringField(
        _l("Name of the organisation"),
        [InputRequired(_l("Please enter a name.")), AtMost(NAME_LENGTH), clean],
    )
    contact = StringField(_l("Contact"), [AtMost(CONTACT_LENGTH), clean], filters=[tidy])
    colour = StringField(_l("Colour"), [AtMost(20), clean])

    def validate_name(self, field: Field) -> None:
        """A name of blanks is no name."""
        if not tidy(field.data):
            raise ValidationError(_l("Please enter a name."))

    def validate_contact(self, field: Field) -> None:
        """It stands on the cover, where there is room for some lines."""
        if len(tidy(field.data).split("\n")) > CONTACT_LINES:
            raise ValidationError(
                _("At most %(count)s lines, please.", count=locale.current().number(CONTACT_LINES))
            )

    def validate_colour(self, field: Field) -> None:
        """It must be a colour, and dark enough for words in it to be read on white."""
        typed = _tidy_colour(field.data)
        if not typed:
            return
        if not colours.is_colour(typed):
            raise ValidationError(_l("Please enter a colour as six hexadecimal digits, such as #0d4a4b."))
        found, number = colours.contrast(typed), locale.current().number
        if found < colours.LEAST_CONTRAST:
            raise ValidationError(
                _(
                    "Too light to be read on white: its contrast is %(found)s to 1, and %(least)s to 1 is"
                    " needed.",
                    found=number(int(found * 100) / 100, 2),
                    least=number(colours.LEAST_CONTRAST, 1),
                )
            )

    @property
    def offer(self) -> str:
        """The nearest colour that can be read, where the typed one is too light."""
        typed = _tidy_colour(self.colour.data)
        if not colours.is_colour(typed) or colours.readable(typed) == typed:
            return ""
        return colours.readable(typed)

    def values(self) -> dict[str, str]:
        """The fields as readiness.storage.organisations keeps them."""
        return {
            "name": tidy(self.name.data),
            "contact": tidy(self.contact.data),
            "colour": _tidy_colour(self.colour.data),
        }


def _now() -> Organisation:
    found = organisations.find(access.store(), access.person().organisation.id)
    if found is None:
        abort(404)
    return found


def _stored(found: Organisation) -> dict[str, str]:
    return {name: getattr(found, name) for name in organisations.SETTINGS}


def _page(
    form: SettingsForm, seen: dict[str, str], conflicts: dict[str, str], problem: str = "", status: int = 200
) -> tuple[str, int]:
    found = _now()
    mark = organisations.logo_mark(organisations.logo(access.store(), found.id))
    page = render_template(
        "settings/index.html",
        form=form,
        seen=seen,
        conflicts=conflicts,
        found=found,
        logo_mark=mark,
        problem=problem,
        lines=CONTACT_LINES,
    )
    return page, status


@blueprint.route("/organisation/settings", methods=["GET", "POST"])
@access.administrator
def index() -> Page:
    """Name, contact and colour; another window's change is shown, never overwritten."""
    stored = _stored(_now())
    form = SettingsForm(data=stored)
    seen = {name: digest(value) for name, value in stored.items()}
    if form.is_submitted():
        seen = {name: request.form.get(f"seen-{name}", "") for name in stored}
        form.colour.data = request.form.get("take") or form.colour.data
    if not form.validate_on_submit():
        return _page(form, seen, {}, status=400 if form.is_submitted() else 200)
    me = access.person()
    merged = organisations.save(access.store(), me.organisation.id, me.user.name, form.values(), seen)
    if not merged.conflicts:
        session["notice"] = _("Saved.")
        return redirect(url_for(".index"))
    seen |= {name: digest(value) for name, value in merged.conflicts.items()}
    return _page(form, seen, {name: value or "–" for name, value in merged.conflicts.items()}, status=409)


def _other_form() -> tuple[SettingsForm, dict[str, str]]:
    """The texts as they are stored, beside a form that is not about them."""
    stored = _stored(_now())
    return SettingsForm(formdata=None, data=stored), {name: digest(value) for name, value in stored.items()}


@blueprint.post("/organisation/settings/logo")
@access.administrator
@access.takes_files
@access.body_up_to(ROOM)
def set_logo() -> Page:
    """Put a logo in place of the one that the page showed, or take it away."""
    made: bytes | None = None
    if request.form.get("do") != "remove":
        sent = request.files.get("logo")
        try:
            made = make_logo(sent.read(MOST_BYTES + 1) if sent else b"")
        except LogoError as error:
            pixels = locale.current().number(MOST_PIXELS // 1_000_000)
            problem = str(PROBLEMS[error.reason]) % {"detail": error.detail, "pixels": pixels}
            return _page(*_other_form(), {}, problem, 400)
    me = access.person()
    seen = request.form.get("seen-logo", "")
    if not organisations.set_logo(access.store(), me.organisation.id, me.user.name, made, seen):
        problem = _(
            "The logo was changed meanwhile elsewhere; this is the present one. Nothing was replaced."
        )
        return _page(*_other_form(), {}, problem, 409)
    session["notice"] = _("The logo is in place.") if made else _("The logo was taken away.")
    return redirect(url_for(".index"))


@blueprint.get("/organisation/logo.png")
@access.member
def logo() -> Response:
    """The logo of the own organisation."""
    content = organisations.logo(access.store(), access.person().organisation.id)
    if content is None:
        abort(404)
    return Response(content, mimetype="image/png")
