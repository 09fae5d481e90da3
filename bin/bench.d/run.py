"""Measure what people wait for, each figure as a ratio within one run, with its bar beside it.

Usage: bin/bench [NAME ...], NAME one of TOPICS below. Without a name: all.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

TOPICS = ("scoring", "advice", "command", "web", "portfolio", "imports", "pdf", "batch", "cohorts", "memory")


def main(names: list[str]) -> int:
    unknown = set(names) - set(TOPICS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(TOPICS)}", file=sys.stderr)
        return 2
    print(f"{'what / over what':<74} {'ratio':>7}  bar")
    for name in names or TOPICS:
        for line in importlib.import_module(name).measure():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
