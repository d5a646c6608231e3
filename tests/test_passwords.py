"""What is kept of a secret, and which ones are not taken."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, extract_parameters

from sandbox.classroom import passwords


def test_only_the_secret_itself_fits_and_it_is_kept_as_argon2id_with_a_salt() -> None:
    kept = passwords.kept("correct horse")
    assert passwords.fits("correct horse", kept)
    assert not passwords.fits("correct horse ", kept)
    assert not passwords.fits("", kept)
    assert "correct" not in kept
    assert kept.startswith("$argon2id$")
    assert kept != passwords.kept("correct horse")


def test_the_setting_is_one_of_those_that_owasp_names() -> None:
    found = extract_parameters(passwords.kept("x"))
    assert (found.memory_cost, found.time_cost, found.parallelism) == (7168, 5, 1)


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$v=19$m=8", "$2b$12$abc"])
def test_nothing_fits_where_nothing_good_is_kept(kept: str) -> None:
    assert not passwords.fits("", kept)
    assert not passwords.fits("plain", kept)


def test_one_secret_is_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, real = passwords.kept("correct horse"), passwords._HASHER
    now, most = [0], [0]

    class Counting:
        def hash(self, *all: str) -> object:
            return self.count(real.hash, *all)

        def verify(self, *all: str) -> object:
            return self.count(real.verify, *all)

        def count(self, work: Callable[..., object], *all: str) -> object:
            now[0] += 1
            most[0] = max(most[0], now[0])
            try:
                return work(*all)
            finally:
                now[0] -= 1

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    with ThreadPoolExecutor(6) as pool:
        made = [pool.submit(passwords.kept, "correct horse") for _ in range(3)]
        found = [pool.submit(passwords.fits, "correct horse", kept) for _ in range(3)]
        assert all(one.result() for one in (*made, *found))
    assert most == [1]


def test_what_was_kept_with_other_settings_is_outdated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("a secret")
    assert passwords.outdated(old)
    assert passwords.fits("a secret", old)
    assert not passwords.outdated(passwords.kept("a secret"))


@pytest.mark.parametrize(
    ("secret", "role", "says"),
    [
        ("83625", "learner", "at least 6"),
        ("836251908", "staff", "at least 10"),
        ("x" * 201, "learner", "at most 200"),
        ("111111", "learner", "too easy"),
        ("121212", "learner", "too easy"),
        ("123456", "learner", "too easy"),
        ("fedcba", "learner", "too easy"),
        ("ADA@school.example", "staff", "others know"),
        ("school7", "learner", "others know"),
    ],
)
def test_a_weak_secret_is_objected_to(secret: str, role: str, says: str) -> None:
    assert says in passwords.objection(secret, secret, role, ("ada@school.example", "", "School7"))


def test_a_good_secret_is_taken_and_two_that_differ_are_not() -> None:
    assert passwords.objection("836251", "836251", "learner", ("Ada",)) == ""
    assert passwords.objection("a long sentence", "a long sentence", "staff") == ""
    assert "differ" in passwords.objection("836251", "836252", "learner")
