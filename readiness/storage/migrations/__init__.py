"""Numbered SQL files, only ever appended, in the dialect that SQLite and PostgreSQL share."""
