"""The `readiness` command. Every sub-command imports only what it needs."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from readiness import __version__

#: No answers file is larger; a report with its attachment is smaller too.
_LARGEST_INPUT = 20_000_000


class Refusal(Exception):
    """Something the user can mend; the message says what, where and how."""


def _say(message: str, **values: object) -> str:
    """A message in the language of the person's environment."""
    from readiness.reports.language import language

    spoken = language(_spoken())
    shown = {
        name: spoken.digits(f"{value}") if isinstance(value, int) else value for name, value in values.items()
    }
    return spoken.words(message, **shown)


def _home(folder: str | None) -> Path:
    """Where the database and config.py are: --instance, $READINESS_INSTANCE, or the checkout's."""
    if folder or os.environ.get("READINESS_INSTANCE"):
        return Path(folder or os.environ["READINESS_INSTANCE"]).resolve()
    beside = Path(__file__).resolve().parent.parent
    if (beside / "setup.cfg").is_file() and (beside / "instance").is_dir():
        return beside / "instance"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "readiness"


def _input(name: str) -> bytes:
    try:
        source = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: PTH123, SIM115
        with source:
            content = source.read(_LARGEST_INPUT + 1)
    except OSError as error:
        raise Refusal(f"{name}: {error.strerror}") from error
    if len(content) > _LARGEST_INPUT:
        problem = _say("larger than %(most)s bytes; this is no answers file", most=_LARGEST_INPUT)
        raise Refusal(f"{name}: {problem}")
    return content


def _answers(name: str):  # type: ignore[no-untyped-def]
    """Read answers from a JSON file, a report that carries them, or standard input (`-`)."""
    from readiness.core import answers

    content = _input(name)
    try:
        if content.startswith(b"%PDF"):
            from readiness.reports.pdf import PdfError, attached_answers

            try:
                return answers.read(attached_answers(content))
            except PdfError as error:
                raise Refusal(f"{name}: {error}") from error
        return answers.read(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = _say("byte %(place)s: this is not UTF-8 text", place=error.start)
        raise Refusal(f"{name}: {problem}") from error
    except answers.AnswersError as error:
        raise Refusal(f"{name}: {error.place}: {_say(error.template, **error.values)}") from error


@cache
def _languages() -> list[str]:
    """Codes of all languages, without reading them."""
    folder = Path(__file__).parent / "translations"
    return sorted(path.parent.name for path in folder.glob("*/language.toml"))


def _spoken() -> str:
    """The language of the person's environment, as LANG and its like name it, if it is one of ours."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    code = next(filter(None, named), "").partition("_")[0].lower()
    return code if code in _languages() else "en"


def _score(options: argparse.Namespace) -> int:
    from readiness.core import scoring

    found = _answers(options.file)
    print(json.dumps(scoring.export(scoring.score(found), found.firm), ensure_ascii=False, indent=1))
    return 0


def _report(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from readiness.reports.language import language
    from readiness.reports.pdf import PdfError, make_pdf
    from readiness.reports.profile import make_profile

    found = _answers(options.file)
    profile = make_profile(found, language(options.lang), datetime.now(UTC).date(), options.draft)
    target = Path(options.output)
    if options.file != "-" and target.exists() and target.samefile(options.file):
        raise Refusal(_say("%(file)s is the file to read; write the report to another one", file=target))
    try:
        if options.output == "-":
            sys.stdout.buffer.write(make_pdf(profile))
            return 0
        target.write_bytes(make_pdf(profile))
    except PdfError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        raise Refusal(f"{target}: {error.strerror}") from error
    print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def _model_check(options: argparse.Namespace) -> int:
    from readiness.core import model, reconcile

    for line in reconcile.report(model.load(options.model)):
        print(line)
    return 1 if reconcile.surprises(model.load(options.model)) else 0


def _actions(options: argparse.Namespace) -> int:
    from readiness.core import actions
    from readiness.reports import actionlist
    from readiness.reports.language import language

    if options.markdown:
        print(actionlist.document(options.model), end="")
        return 0
    library = actions.load(options.model)
    if options.id is not None:
        chosen = [action for action in library if action.id == options.id]
        if not chosen:
            raise Refusal(_say("there is no action “%(id)s”; readiness actions lists them", id=options.id))
        print("\n".join(actionlist.details(chosen[0], options.model, language(options.lang))), end="")
        return 0
    numbers = {str(number) for action in library for number in action.indicators}
    if options.indicator is not None and str(options.indicator) not in numbers:
        raise Refusal(_say("no action moves an indicator %(number)s", number=options.indicator))
    if options.partner is not None and options.partner not in actions.PARTNERS:
        known = ", ".join(actions.PARTNERS)
        raise Refusal(_say("no such kind of partner; there are: %(known)s", known=known))
    asked = (options.capability, options.indicator, options.partner, options.effort, options.horizon)
    for line in actionlist.lines(actions.choose(library, *asked), options.model, language(options.lang)):
        print(line)
    return 0


def _advise(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from readiness.core import advice
    from readiness.reports import plan
    from readiness.reports.language import language
    from readiness.reports.profile import make_profile

    found = _answers(options.file)
    profile = make_profile(found, language(options.lang), datetime.now(UTC).date())
    if options.json:
        document = advice.export(profile.advice, found.model.version)
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return 0
    for line in plan.lines(profile.plan, profile.language, options.explain):
        print(line)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from readiness.web.server import serve

    return serve(_home(options.instance), options.host, options.port)


def _user_add(options: argparse.Namespace) -> int:
    from readiness.storage import organisations, users
    from readiness.web.server import open_instance, sign_in_address

    app, store = open_instance(_home(options.instance))
    found = organisations.named(store, options.organisation)
    if len(found) > 1:
        raise Refusal(_say("several organisations are called “%(name)s”", name=options.organisation))
    try:
        with store.write() as transaction:
            organisation = found[0] if found else organisations.add(transaction, options.organisation)
            name = options.name or options.email.partition("@")[0]
            user = users.join(transaction, options.email, name, options.lang, organisation.id, options.role)
    except users.LastAdministrator as error:
        raise Refusal(
            _say("Without this person nobody could administer the organisation any more.")
        ) from error
    if not found:
        print(_say("New organisation: %(name)s", name=organisation.name))
    print(f"{user.email}: {options.role}, {organisation.name}")
    print(sign_in_address(app, store, user))
    return 0


def _user_link(options: argparse.Namespace) -> int:
    from readiness.storage import users
    from readiness.web.server import open_instance, sign_in_address

    app, store = open_instance(_home(options.instance))
    user = users.by_email(store, options.email)
    if user is None:
        raise Refusal(_say("nobody has the address %(email)s; readiness user add", email=options.email))
    print(sign_in_address(app, store, user))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from readiness.core import invented, model
    from readiness.storage import demonstration
    from readiness.web.server import open_instance, sign_in_address

    app, store = open_instance(_home(options.instance))
    if options.remove:
        gone = demonstration.remove(store)
        if gone is None:
            raise Refusal(_say("there is no demonstration; readiness demo makes one"))
        print(_say("The demonstration is gone, with %(count)s invented firms.", count=gone))
        return 0
    current = model.load()
    programme = invented.programme(current, datetime.now(UTC).date(), options.seed)
    try:
        user = demonstration.add(store, current, programme, _demo_words(options.lang))
    except demonstration.AlreadyThere as error:
        raise Refusal(
            _say("there is a demonstration already; readiness demo --remove takes it away")
        ) from error
    counts = {"firms": len(programme.firms), "cohorts": len(programme.cohorts)}
    print(_say("Made: %(cohorts)s cohorts with %(firms)s firms, all of them invented.", **counts))
    print(sign_in_address(app, store, user))
    return 0


def _demo_words(code: str):  # type: ignore[no-untyped-def]
    """What the demonstration is called in a language."""
    from readiness.reports.language import language
    from readiness.storage.demonstration import Words

    words = language(code).words
    return Words(
        organisation=words("Demonstration (invented firms)"),
        person=words("Demonstration"),
        language=code,
        cohorts=[
            words("First cohort (invented)"),
            words("Second cohort (invented)"),
            words("Third cohort (invented)"),
        ],
        consent=words("Nobody agreed to anything: the firms of this cohort are invented."),
    )


def _backup(options: argparse.Namespace) -> int:
    from readiness.storage.backup import backup
    from readiness.web.server import embedded_store

    backup(embedded_store(_home(options.instance)), Path(options.file))
    print(f"{options.file}: backed up and checked")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from readiness.storage.backup import restore
    from readiness.web.server import embedded_store

    restore(embedded_store(_home(options.instance)), Path(options.file))
    print(f"{options.file}: restored and checked")
    return 0


Command = Callable[[argparse.Namespace], int]


def _add(group, name: str, run: Command, about: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
    made: argparse.ArgumentParser = group.add_parser(name, help=about, description=about)
    made.set_defaults(run=run)
    return made


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="readiness", description="Internationalization readiness of high-tech small firms."
    )
    top.add_argument("--version", action="version", version=f"readiness {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = _add(commands, "serve", _serve, "Start the web server; ends with the address to open.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")

    model = commands.add_parser("model", help="Look at the model's data.").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    check = _add(
        model,
        "check",
        _model_check,
        "Recompute the paper's Table 7 from its Table 6 and list every disagreement.",
    )
    check.add_argument("--model", default="rezvani-2024", help="model version (rezvani-2024)")

    score = _add(commands, "score", _score, "Score an answers file; prints scores as JSON.")
    _add_answers(score)

    report = _add(commands, "report", _report, "Make the PDF profile of an answers file.")
    _add_answers(report)
    report.add_argument("-o", "--output", required=True, metavar="PDF", help="the file to write")
    _add_language(report)
    report.add_argument("--draft", action="store_true", help="mark the report as a draft")

    advise = _add(commands, "advise", _advise, "Choose the actions for a firm from an answers file.")
    _add_answers(advise)
    _add_language(advise)
    advise.add_argument("--explain", action="store_true", help="print every decision of the choosing too")
    advise.add_argument("--json", action="store_true", help="for a machine, with every decision")

    _add_actions(commands)

    users = _add_users(commands)

    demo = _add(commands, "demo", _demo, "Put in a programme of invented firms to look at; prints a link.")
    demo.add_argument("--seed", type=_seed, default=2024, help="another number makes other firms (2024)")
    demo.add_argument("--remove", action="store_true", help="take it away again, with all that is in it")
    _add_language(demo)

    backup = _add(commands, "backup", _backup, "Copy the database to a new file while it is in use.")
    backup.add_argument("file", metavar="FILE", help="the file to write; must not exist")
    restore = _add(commands, "restore", _restore, "Replace the database by a back-up while it is in use.")
    restore.add_argument("file", metavar="FILE", help="a file made by readiness backup")
    for command in (serve, demo, backup, restore, *users):
        command.add_argument("--instance", metavar="FOLDER", help="folder of the database and config.py")
    return top


def _add_users(commands) -> list[argparse.ArgumentParser]:  # type: ignore[no-untyped-def]
    """`readiness user`: its two commands."""
    group = commands.add_parser("user", help="People who sign in.").add_subparsers(
        title="commands", required=True, metavar="COMMAND"
    )
    add = _add(group, "add", _user_add, "Give somebody a role in an organisation; prints a link to sign in.")
    add.add_argument("email", type=_email, metavar="EMAIL", help="the address that the person signs in with")
    add.add_argument("--organisation", required=True, metavar="NAME", help="a new name makes a new one")
    add.add_argument("--role", choices=("consultant", "manager", "administrator"), default="consultant")
    add.add_argument("--name", help="the name that others see")
    _add_language(add)
    link = _add(group, "link", _user_link, "Print a link to sign in; it works once, for 24 hours.")
    link.add_argument("email", metavar="EMAIL", help="whose link")
    return [add, link]


def _email(text: str) -> str:
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", text) or len(text) > 200:
        raise argparse.ArgumentTypeError("an e-mail address looks like name@example.org")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65_536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 on")
    return int(text)


def _add_answers(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE", help="answers as JSON, a report PDF, or - for standard input"
    )


def _add_language(command: argparse.ArgumentParser) -> None:
    about = "language (that of the environment)"
    command.add_argument("--lang", choices=_languages(), default=_spoken(), help=about)


def _add_actions(commands) -> None:  # type: ignore[no-untyped-def]
    """`readiness actions`: its words are those of the library, read only when it is asked for."""
    made = _add(commands, "actions", _actions, "List the library of networking and coopetition actions.")
    made.add_argument("id", nargs="?", metavar="ID", help="show one action in full")
    made.add_argument("--capability", choices=("networking", "coopetition"), help="only of this capability")
    made.add_argument("--indicator", type=int, metavar="NUMBER", help="only what moves this indicator")
    made.add_argument("--partner", metavar="KIND", help="only with this kind of partner, such as customer")
    made.add_argument("--effort", choices=("low", "medium", "high"), help="only of this effort")
    made.add_argument("--horizon", choices=("0-3", "3-9", "9-18"), help="only within these months")
    _add_language(made)
    made.add_argument("--markdown", action="store_true", help="the whole library as docs/actions.md")
    made.add_argument("--model", default="rezvani-2024", help="model version (rezvani-2024)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 1 found wanting, 2 refused."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Refusal as error:
        print(f"readiness: {error}", file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (RuntimeError, ValueError) as error:
        # StorageError, PdfError and UnknownModel: named refusals of the layers below.
        if type(error).__module__.partition(".")[0] != "readiness":
            raise
        print(f"readiness: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
