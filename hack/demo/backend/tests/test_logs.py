import pytest

from app.logs import Redactor

REDACT = Redactor(["the-signing-key", "the-signing-key-and-more", "short", ""])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("key the-signing-key-and-more!", "key ***!"),
        ("a the-signing-key b the-signing-key", "a *** b ***"),
        ("to postgresql://todo:p-a-s-s@db:5432/x", "to postgresql://todo:***@db:5432/x"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("/x?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/x?token=***"),
        # A value as short as this may be part of a word.
        ("shortly", "shortly"),
        ('127.0.0.1:52000 - "GET /health HTTP/1.1" 200', '127.0.0.1:52000 - "GET /health HTTP/1.1" 200'),
    ],
)
def test_what_is_secret_is_hidden(text: str, written: str) -> None:
    assert REDACT(text) == written
