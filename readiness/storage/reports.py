"""Reports that were made: kept once for each content, served again."""

from __future__ import annotations

from readiness.storage.engine import Store, now


def find(store: Store, assessment_id: str, language: str, fingerprint: str) -> bytes | None:
    """The PDF made for this content, or None."""
    row = store.row(
        "SELECT pdf FROM reports WHERE assessment_id = :id AND language = :language"
        " AND fingerprint = :fingerprint",
        id=assessment_id,
        language=language,
        fingerprint=fingerprint,
    )
    return None if row is None else bytes(row["pdf"])


def keep(store: Store, assessment_id: str, language: str, fingerprint: str, pdf: bytes) -> None:
    """Keep a PDF in place of an older one; an assessment that is gone meanwhile stays gone."""
    with store.write() as transaction:
        if not transaction.run(
            "UPDATE assessments SET updated_at = updated_at WHERE id = :id",  # waits for a deletion
            id=assessment_id,
        ):
            return
        transaction.run(
            "INSERT INTO reports (assessment_id, language, fingerprint, pdf, created_at)"
            " VALUES (:id, :language, :fingerprint, :pdf, :at)"
            " ON CONFLICT (assessment_id, language) DO UPDATE"
            " SET fingerprint = excluded.fingerprint, pdf = excluded.pdf,"
            " created_at = excluded.created_at",
            id=assessment_id,
            language=language,
            fingerprint=fingerprint,
            pdf=pdf,
            at=now(),
        )
