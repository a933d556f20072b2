import ssl

import pytest

from app.database_url import DatabaseURL


def test_the_seeds_form_is_read() -> None:
    url = DatabaseURL.parse("postgresql://user:p%40ss@host.example:6432/todos?ssl=require")
    assert (url.host, url.port, url.user, url.password, url.name) == ("host.example", 6432, "user", "p@ss", "todos")
    assert url.mode == "require"


@pytest.mark.parametrize(
    ("text", "host", "port", "mode"),
    [
        ("postgres://u:p@h/d", "h", 5432, "prefer"),
        ("postgresql+asyncpg://u:p@h/d?sslmode=verify-full", "h", 5432, "verify-full"),
        ("postgresql://u:p@[::1]:5433/d?ssl=false", "::1", 5433, "disable"),
        # As Neon gives it.
        (
            "postgresql://u:p@x-pooler.neon.tech/d?sslmode=require&channel_binding=require",
            "x-pooler.neon.tech",
            5432,
            "require",
        ),
    ],
)
def test_other_forms_that_are_in_use_are_read(text: str, host: str, port: int, mode: str) -> None:
    url = DatabaseURL.parse(text)
    assert (url.host, url.port, url.mode) == (host, port, mode)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "mysql://u:secret@h/d", "postgresql:///secret", "postgresql://u:sec:ret@h:secret/d", "postgresql://u:s@[secret/d",
     "postgresql://u:secret@h/d?ssl=secret"],
)  # fmt: skip
def test_an_error_holds_nothing_of_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="must be") as caught:
        DatabaseURL.parse(text)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_require_encrypts_and_verify_full_checks_name_and_certificate() -> None:
    require = DatabaseURL.parse("postgresql://u:p@h/d?ssl=require").ssl
    full = DatabaseURL.parse("postgresql://u:p@h/d?ssl=verify-full").ssl
    assert isinstance(require, ssl.SSLContext)
    assert isinstance(full, ssl.SSLContext)
    assert (require.verify_mode, require.check_hostname) == (ssl.CERT_NONE, False)
    assert (full.verify_mode, full.check_hostname) == (ssl.CERT_REQUIRED, True)
