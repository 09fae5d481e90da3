"""The API for programs of an organisation: firms, their assessments, answers and scores as JSON.

`openapi.json` beside this file says what there is; a test compares it with the routes.
"""

from readiness.web.api import assessments, description, firms
from readiness.web.api.answering import blueprint

__all__ = ["assessments", "blueprint", "description", "firms"]
