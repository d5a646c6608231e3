"""``lti.toml``: which systems may send learners here, and under which address they find this server."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

FILE: Final = "lti.toml"
KEY: Final = "lti.key"
"""The private key by which this server signs, beside the file."""

ADDRESSES: Final = {
    "Initiate login URL": "/lti/login",
    "Launch and redirect URL": "/lti/launch",
    "Content selection URL": "/lti/select",
    "Public keyset URL": "/lti/keys",
}
"""What a platform has to be told → the path on this server."""

_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_TEXTS: Final = ("issuer", "client_id", "login_url", "token_url", "keys_url")
_OPTIONAL: Final = {"name": str, "audience": str, "instructors": bool, "pages": list}
_URLS: Final = ("issuer", "login_url", "token_url", "keys_url")


@dataclass(frozen=True, slots=True)
class Platform:
    """A system as it was registered there. ``pages``: origins from which it may show the picker in a frame.

    ``instructors``: whether those who teach a course there teach here. ``audience``: of the tokens for its services,
    empty where it is ``token_url``.
    """

    name: str
    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    login_url: str
    token_url: str
    keys_url: str
    audience: str
    instructors: bool
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """All of the file. ``address``: of this server, without a slash at its end."""

    address: str
    platforms: tuple[Platform, ...]

    def platform(self, issuer: str, client_id: str = "") -> Platform | None:
        """The platform with this issuer and client id; without a client id the only one of the issuer, or None."""
        found = [one for one in self.platforms if one.issuer == issuer and client_id in ("", one.client_id)]
        return found[0] if len(found) == 1 else None


class Wrong(ValueError):
    """What is wrong in the file: ``problems`` has a sentence for each, with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(folder: Path) -> Settings | None:
    """The settings in a data folder; None where there is no file. Raises :class:`Wrong` and OSError."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong([f"{FILE}: {error}"]) from error
    problems = [*_problems(said), *_key_problems(folder)]
    if problems:
        raise Wrong([f"{FILE}: {one}" for one in problems])
    return Settings(said["address"].rstrip("/"), tuple(_platform(one) for one in said["platform"]))


def origin(url: str) -> str:
    """``https://host:port`` of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _platform(said: Mapping[str, Any]) -> Platform:
    texts = {name: said[name] for name in _TEXTS}
    own = {origin(said["issuer"]), origin(said["login_url"])}
    return Platform(
        name=said.get("name") or urlsplit(said["issuer"]).netloc,
        deployments=tuple(said["deployments"]),
        audience=said.get("audience", ""),
        instructors=said.get("instructors", False),
        pages=tuple(sorted(own | {origin(page) for page in said.get("pages", ())})),
        **texts,
    )


def _problems(said: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}: there is no such setting" for name in sorted(said.keys() - {"address", "platform"}))
    if fault := _url_fault(said.get("address")):
        yield f"address: {fault}"
    elif urlsplit(said["address"]).path.strip("/"):
        yield "address: only scheme and host, such as https://sandbox.school.example"
    platforms = said.get("platform")
    if not isinstance(platforms, list) or not platforms:
        yield "platform: at least one [[platform]] is needed"
        return
    seen = set()
    for number, one in enumerate(platforms, 1):
        yield from (f"platform {number}, {fault}" for fault in _platform_faults(one))
        pair = (str(one.get("issuer")), str(one.get("client_id")))
        if pair in seen:
            yield f"platform {number}, client_id: issuer and client_id are those of a platform above"
        seen.add(pair)


def _platform_faults(one: Mapping[str, Any]) -> Iterator[str]:
    known = {*_TEXTS, *_OPTIONAL, "deployments"}
    yield from (f"{name}: there is no such setting" for name in sorted(one.keys() - known))
    for name in _TEXTS:
        value = one.get(name)
        if not isinstance(value, str) or not value.strip():
            yield f"{name}: a text is needed"
        elif name in _URLS and (fault := _url_fault(value)):
            yield f"{name}: {fault}"
    for name, kind in _OPTIONAL.items():
        if name in one and not isinstance(one[name], kind):
            yield f"{name}: {_KINDS[kind]} is needed"
    ids = one.get("deployments")
    if not isinstance(ids, list) or not ids or not all(isinstance(id, str) and id for id in ids):
        yield 'deployments: a list of texts is needed, such as ["1"]'
    pages = one.get("pages", [])
    for page in pages if isinstance(pages, list) else ():
        if fault := _url_fault(page):
            yield f"pages: {fault}"


_KINDS: Final = {str: "a text", bool: "true or false", list: "a list"}


def _url_fault(value: object) -> str:
    """What is wrong with an address, or empty. Without HTTPS only on the computer itself."""
    if not isinstance(value, str):
        return "an address is needed, such as https://school.example"
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return f"{value!r} is no address"
    if parts.scheme not in ("https", "http") or not host or any(ch in value for ch in " ;,'\"\\"):
        return f"{value!r} is no address that begins with https://"
    if parts.scheme == "http" and host not in _LOCAL:
        return f"{value!r} has to begin with https://"
    return ""


def _key_problems(folder: Path) -> Iterator[str]:
    path = folder / KEY
    if not path.exists():
        yield f"the key {KEY} is missing; `python -m sandbox lti init` makes one"
    elif os.name == "posix" and path.stat().st_mode & 0o077:
        yield f"the key {KEY} can be read by others: chmod 600 {path}"


SAMPLE: Final = """\
# Systems of schools (LTI 1.3) that may send learners here. Described in docs/lti.md.
# Read at the start of the server; `python -m sandbox lti check` says what is wrong in it.

# The address of this server, as browsers and the school's system reach it.
address = "https://sandbox.school.example"

# One [[platform]] for each system.
[[platform]]
name = "Moodle of the school"
issuer = "https://moodle.school.example"
client_id = "what the system has given this tool"
deployments = ["1"]
login_url = "https://moodle.school.example/mod/lti/auth.php"
token_url = "https://moodle.school.example/mod/lti/token.php"
keys_url = "https://moodle.school.example/mod/lti/certs.php"
# Whoever teaches a course there is an instructor here, with the desk and all keys.
instructors = false
# Where its pages have another origin than issuer and login_url (Canvas): from there the picker may be framed.
# pages = ["https://school.instructure.com"]
# Where its services ask for another audience than token_url.
# audience = "https://canvas.instructure.com/login/oauth2/token"
"""
