"""Keys and tokens."""

from __future__ import annotations

import secrets
import time

import jwt
from werkzeug.datastructures import Authorization

from tests.clearml_server.errors import ApiError
from tests.clearml_server.store import COMPANY, USER

API_VERSION = "2.34"
SERVER_VERSION = "2.3.0"
LIFETIME = 30 * 24 * 3600


class Login:
    """The one person's key pair, and the tokens minted for it."""

    def __init__(self) -> None:
        self.access_key = secrets.token_hex(10).upper()
        self.secret_key = secrets.token_hex(25)
        self._signing = secrets.token_hex(32)

    def token(self) -> str:
        """A new token; the SDK reads the server's versions in it."""
        issued = int(time.time())
        return jwt.encode(
            {
                "auth_type": "Bearer",
                "identity": {"user": USER, "company": COMPANY, "role": "user"},
                "jti": secrets.token_hex(8),
                "iat": issued,
                "exp": issued + LIFETIME,
                "env": "<unknown>",
                "api_version": API_VERSION,
                "server_version": SERVER_VERSION,
                "feature_set": "basic",
            },
            self._signing,
            algorithm="HS256",
        )

    def check_token(self, token: str) -> None:
        """Raises `ApiError` unless the token is ours and fresh."""
        try:
            jwt.decode(token, self._signing, algorithms=["HS256"])
        except jwt.InvalidTokenError as problem:
            raise ApiError(401, 30, "Invalid token", "invalid jwt token", reason=problem) from None

    def check(self, given: Authorization | None) -> None:
        """Raises `ApiError` unless the header holds the key pair or a token."""
        if given is None:
            raise ApiError(401, 20, "Unauthorized (missing credentials)")
        if given.type == "basic":
            if (given.username, given.password) != (self.access_key, self.secret_key):
                raise ApiError(
                    401,
                    22,
                    "Unauthorized (invalid credentials)",
                    "failed to locate provided credentials",
                )
        elif given.type == "bearer":
            self.check_token(given.token or "")
        else:
            raise ApiError(401, 10, "Unauthorized (bad authentication header type)")
