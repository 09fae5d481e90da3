"""The web application. `create_app` only assembles."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from readiness import paths
from readiness.storage.engine import open_store
from readiness.web import (
    access,
    background,
    change,
    config,
    downloads,
    errors,
    firm,
    headers,
    locale,
    mail,
    pages,
    people,
    portfolio,
    profile,
    questionnaire,
    signin,
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
    access.init(app)
    errors.init(app)
    background.init(app)
    mail.init(app)
    for topic in (pages, firm, questionnaire, profile, downloads, signin, portfolio, people, change):
        app.register_blueprint(topic.blueprint)
    return app
