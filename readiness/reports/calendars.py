"""Days to be kept in mind as a calendar file (RFC 5545), such as every calendar program opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Entry:
    """Something that falls on a day."""

    id: str
    """The same for the same thing for ever, and nobody else's."""
    day: date
    title: str
    description: str
    changed_at: datetime
    version: int
    """Never falls; a program that has an older one replaces it."""
    cancelled: bool = False


def calendar_bytes(name: str, entries: Sequence[Entry], language: str) -> bytes:
    """A calendar of all-day events, which block no time: programs that show no tasks show these."""
    from icalendar import Calendar, Event, vText

    made = Calendar()
    made.add("prodid", f"-//readiness//action plan//{language.upper()}")
    made.add("version", "2.0")
    made.add("x-wr-calname", vText(name))
    for entry in entries:
        event = Event()
        event.add("uid", entry.id)
        event.add("dtstamp", entry.changed_at)
        event.add("sequence", entry.version)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(1))
        event.add("summary", vText(entry.title))
        event.add("description", vText(entry.description))
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())
