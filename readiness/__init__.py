"""SME internationalization readiness assessment for high-tech small firms."""

__version__ = "0.4.0"
