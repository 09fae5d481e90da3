"""A pytest plugin for `bin/test --strict`: what must run everywhere may not be skipped.

Loaded with `-p tests.strict`. A skipped test marked browser or postgres fails with the reason of the skip; so
does a file that skips itself whole, since its marks cannot be read.
"""

from collections.abc import Generator

import pytest

MUST_RUN = {"browser", "postgres"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if MUST_RUN.intersection(mark.name for mark in item.iter_markers()):
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"must not be skipped in a strict run. {reason}"
