"""Hypothesis without its deadline: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("core", settings(), deadline=None)
settings.load_profile("core")
