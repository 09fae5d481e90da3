"""Addresses of pages that need no more than their name, built once: most pages link to several of them."""

from __future__ import annotations

from functools import cache

from flask import Flask, request, url_for


def url_to(endpoint: str) -> str:
    """The address of a page without arguments."""
    return _built(request.script_root, endpoint)


@cache
def _built(script_root: str, endpoint: str) -> str:
    del script_root  # the key: where the application is mounted
    return url_for(endpoint)


def init(app: Flask) -> None:
    """Give templates `url_to`."""
    app.jinja_env.globals["url_to"] = url_to
