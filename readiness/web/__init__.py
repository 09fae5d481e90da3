"""The web application. `create_app` only assembles."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from readiness import paths
from readiness.storage.engine import open_store
from readiness.web import (
    access,
    actionplan,
    api,
    background,
    batches,
    bulk,
    change,
    cohortdata,
    cohortreport,
    cohorts,
    comments,
    comparison,
    config,
    dashboard,
    downloads,
    errors,
    exports,
    firm,
    headers,
    imports,
    invitations,
    joining,
    locale,
    mail,
    members,
    pages,
    paper,
    partners,
    people,
    places,
    planfiles,
    portfolio,
    profile,
    questionnaire,
    raters,
    reconcile,
    releases,
    reliability,
    settings,
    signin,
    together,
    tokens,
    typein,
    verify,
)

#: Every topic with its blueprint: for everybody, for who holds a link, for who is signed in, for programs.
TOPICS = (
    *(pages, paper, signin),
    *(firm, questionnaire, typein, together, raters, reconcile, profile, downloads, actionplan, planfiles),
    *(portfolio, change, comments, verify, imports, exports, batches),
    *(joining, cohorts, dashboard, members, invitations, comparison, reliability, cohortdata, partners),
    *(cohortreport, releases),
    *(people, settings, tokens),
    api,
)


def create_app(instance: Path, **overrides: object) -> Flask:
    """The application over the database and config.py of an instance folder.

    `overrides` are settings of readiness.web.config that win over file and environment.
    """
    app = Flask(
        "readiness",
        template_folder=str(paths.templates()),
        static_folder=str(paths.static()),
        instance_path=str(instance),
    )
    config.load(app, instance, overrides)
    store = open_store(app.config["DATABASE"])
    store.migrate()
    app.extensions["store"] = store
    locale.init(app)
    headers.init(app)
    places.init(app)
    access.init(app)
    errors.init(app)
    background.init(app)
    bulk.init(app)
    mail.init(app)
    for topic in TOPICS:
        app.register_blueprint(topic.blueprint)
    return app
