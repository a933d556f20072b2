"""JSON Web Tokens: who is signed in."""

import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from jwt.warnings import InsecureKeyLengthWarning

# Said once, at the start, by Settings.remarks.
warnings.simplefilter("ignore", InsecureKeyLengthWarning)


@dataclass(frozen=True)
class Tokens:
    """Signs and reads them with one key."""

    key: str = field(repr=False)
    algorithm: str
    lifetime: timedelta

    def issue(self, user: UUID, now: datetime) -> str:
        return jwt.encode(
            {"sub": str(user), "iat": now, "exp": now + self.lifetime}, self.key, algorithm=self.algorithm
        )

    def user(self, token: str) -> UUID | None:
        """Whose it is; nobody's where it is forged, of another algorithm, or expired."""
        try:
            claims = jwt.decode(token, self.key, algorithms=[self.algorithm], options={"require": ["sub", "exp"]})
            return UUID(claims["sub"])
        except (jwt.InvalidTokenError, ValueError):
            return None


def now() -> datetime:
    return datetime.now(UTC)
