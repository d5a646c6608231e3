"""What a learner asked to see of a case: hints and the key, on the sheet of practice or on that of a lab."""

from dataclasses import dataclass

from sandbox.store.database import Store, now


@dataclass(frozen=True, slots=True)
class Asked:
    """What a learner asked to see of a case: the number of hints, and when the key was shown ('' = not yet)."""

    hints: int = 0
    key_shown: str = ""


def slot(case_id: str, lab: int) -> str:
    """Where drafts, hints and the look at the key are noted: a lab has a sheet of its own beside that of practice."""
    return f"{case_id}@{lab}" if lab else case_id


def asked(store: Store, learner: str, case_id: str, lab: int = 0) -> Asked:
    """What the learner asked to see of the case so far."""
    row = store.row("SELECT hints, key_shown FROM asked WHERE learner = ? AND case_id = ?", learner, slot(case_id, lab))
    return Asked(row["hints"], row["key_shown"] or "") if row else Asked()


def ask_hint(store: Store, learner: str, case_id: str, wanted: int, lab: int = 0) -> Asked:
    """Record that hint number ``wanted`` was shown. Asked for twice, it is still one; none can be skipped."""
    with store.write() as db:
        db.execute(
            "INSERT INTO asked (learner, case_id, hints) VALUES (?1, ?2, min(1, ?3))"
            " ON CONFLICT DO UPDATE SET hints = max(hints, min(hints + 1, ?3))",
            (learner, slot(case_id, lab), wanted),
        )
    return asked(store, learner, case_id, lab)


def ask_key(store: Store, learner: str, case_id: str, lab: int = 0) -> Asked:
    """Record that the key was shown; the first time counts."""
    with store.write() as db:
        db.execute(
            "INSERT INTO asked (learner, case_id, key_shown) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET key_shown = coalesce(key_shown, excluded.key_shown)",
            (learner, slot(case_id, lab), now()),
        )
    return asked(store, learner, case_id, lab)
