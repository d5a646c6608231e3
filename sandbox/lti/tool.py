"""The tool's side of LTI 1.3 over PyLTI1p3: a login begins, a launch is proved, content is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import jwt
import requests
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import OIDCException
from pylti1p3.lineitem import LineItem
from pylti1p3.registration import Registration
from pylti1p3.tool_config.dict import ToolConfDict

from sandbox.lti import claims
from sandbox.lti.claims import Launch
from sandbox.lti.parts import Asked, Begun, Cookies, Keys, Logins, Message, Nonces, Oidc, Web, cookie_name
from sandbox.lti.settings import Platform, Settings

Why = Literal[
    "state", "token", "nonce", "issuer", "client", "keys", "expired", "signature", "deployment", "message", "login"
]

POINTS: Final = 100
"""What an assignment is worth."""


class Refused(Exception):
    """A login or launch that is not believed. ``why``: what was wrong with it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Login:
    """Where the browser goes, and the cookie (name, value) that it has to bring back."""

    address: str
    cookie: tuple[str, str]


_STEPS: Final[tuple[tuple[Why, str], ...]] = (
    ("state", "validate_state"),
    ("token", "validate_jwt_format"),
    ("nonce", "validate_nonce"),
    ("signature", "validate_jwt_signature"),
    ("deployment", "validate_deployment"),
    ("message", "validate_message"),
)


class Tool:
    """This server as a tool of the platforms in the settings. Safe for threads."""

    def __init__(self, settings: Settings, private: str, public: str, logins: Logins | None = None) -> None:
        self.settings = settings
        self.logins = logins or Logins()
        self._keys = Keys()
        clients: dict[str, list[dict[str, Any]]] = {}
        for one in settings.platforms:
            clients.setdefault(one.issuer, []).append(
                {
                    "client_id": one.client_id, "auth_login_url": one.login_url, "auth_token_url": one.token_url,
                    "auth_audience": one.audience or None, "key_set_url": one.keys_url,
                    "deployment_ids": list(one.deployments),
                }
            )  # fmt: skip
        self._config = ToolConfDict(clients)  # type: ignore[arg-type]
        for one in settings.platforms:
            self._config.set_private_key(one.issuer, private, one.client_id)
            self._config.set_public_key(one.issuer, public, one.client_id)

    @property
    def launch_url(self) -> str:
        """Where platforms send launches."""
        return f"{self.settings.address}/lti/launch"

    def jwks(self) -> Any:
        """The public key as platforms read it."""
        return self._config.get_jwks()

    def registration(self, platform: Platform) -> Registration:
        """The platform as the library knows it."""
        found: Registration = self._config.find_registration_by_params(platform.issuer, platform.client_id)
        return found

    def login(self, fields: Mapping[str, str], back: str) -> Login:
        """Begin a login that a platform asks for; the launch is to come to ``back``. Raises :class:`Refused`."""
        platform = self.settings.platform(fields.get("iss", ""), fields.get("client_id", ""))
        if platform is None:
            raise Refused("issuer")
        cookies, nonces = Cookies({}), Nonces()
        try:
            there = Oidc(Asked({**fields, "client_id": platform.client_id}), self._config, nonces, cookies)
            address = there.get_redirect_object(back).get_redirect_url()
        except OIDCException as error:
            raise Refused("login") from error
        self.logins.begin(cookies.state, nonces.nonce, platform)
        return Login(address, (cookie_name(cookies.state), cookies.state))

    def launch(self, fields: Mapping[str, str], cookies: Mapping[str, str]) -> Launch:
        """A launch, proved step by step. Raises :class:`Refused`; the login that it came from is used up either way."""
        begun = self.logins.use(fields.get("state", ""))
        message = Message(Asked(fields), self._config, Nonces(begun.nonce if begun else ""), Cookies(cookies))
        message.keys = self._keys
        message.set_auto_validation(False)
        with Web() as message._requests_session:
            self._prove(message, begun)
        return claims.of(message.get_launch_data(), message.get_client_id())

    def _prove(self, message: Message, begun: Begun | None) -> None:
        for why, step in _STEPS:
            if why == "signature":
                self._registered(message, begun)
            try:
                getattr(message, step)()
            except Exception as error:
                # Also what is no error of the library: a token of strange types is a bad one, not a fault of ours.
                raise Refused(_nearer(why, error)) from error

    def _registered(self, message: Message, begun: Begun | None) -> None:
        """The platform of the token is a known one, and the one that was sent to. Raises :class:`Refused`."""
        body: Any = message.get_launch_data()
        issuer = body.get("iss")
        if begun is None or issuer != begun.issuer:
            raise Refused("issuer")
        try:
            message.validate_registration()
        except Exception as error:
            raise Refused("client") from error
        if message.get_client_id() != begun.client_id:
            raise Refused("client")

    def content(self, platform: Platform, deployment: str, deep: Mapping[str, Any], item: "Item") -> str:
        """The signed answer (JWT) to a request to choose content."""
        found = DeepLinkResource().set_title(item.title).set_url(self.launch_url).set_custom_params(item.custom)
        found.set_target("window")
        found.set_lineitem(LineItem().set_label(item.title).set_score_maximum(POINTS).set_resource_id(item.resource))
        link = DeepLink(self.registration(platform), deployment, deep)  # type: ignore[arg-type]
        return str(link.get_response_jwt([found]))


@dataclass(frozen=True, slots=True)
class Item:
    """What was chosen: its title, the parameters that come back with each launch, and a name for its line item."""

    title: str
    custom: Mapping[str, str]
    resource: str


def _nearer(why: Why, error: Exception) -> Why:
    if why == "signature":
        causes = (error, error.__cause__)
        if any(isinstance(cause, jwt.ExpiredSignatureError | jwt.ImmatureSignatureError) for cause in causes):
            return "expired"
        if any(isinstance(cause, requests.RequestException) for cause in causes) or "no set" in str(error):
            return "keys"
        if "Must be JSON" in str(error):
            return "keys"
    return why
