from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt

from app.tokens import Tokens

KEY = "a-key-that-is-long-enough-for-everybody"
TOKENS = Tokens(KEY, "HS256", timedelta(days=7))
USER = uuid4()


def test_a_token_says_whose_it_is() -> None:
    assert TOKENS.user(TOKENS.issue(USER, datetime.now(UTC))) == USER


def test_an_expired_token_is_nobodys() -> None:
    assert TOKENS.user(TOKENS.issue(USER, datetime.now(UTC) - timedelta(days=7, seconds=1))) is None


def test_a_forged_token_is_nobodys() -> None:
    forged = Tokens(KEY[::-1], "HS256", timedelta(days=7)).issue(USER, datetime.now(UTC))
    assert TOKENS.user(forged) is None


def test_a_token_without_signature_is_nobodys() -> None:
    claims = {"sub": str(USER), "exp": datetime.now(UTC) + timedelta(days=1)}
    assert TOKENS.user(jwt.encode(claims, None, algorithm="none")) is None


def test_a_token_of_another_algorithm_or_without_an_end_is_nobodys() -> None:
    claims = {"sub": str(USER), "exp": datetime.now(UTC) + timedelta(days=1)}
    assert TOKENS.user(jwt.encode(claims, KEY * 2, algorithm="HS512")) is None
    assert TOKENS.user(jwt.encode({"sub": str(USER)}, KEY, algorithm="HS256")) is None


def test_what_is_no_token_is_nobodys() -> None:
    for text in ("", "x", "a.b.c", jwt.encode(claims_without_user(), KEY, algorithm="HS256")):
        assert TOKENS.user(text) is None


def claims_without_user() -> dict[str, object]:
    return {"sub": "not a user", "exp": datetime.now(UTC) + timedelta(days=1)}
