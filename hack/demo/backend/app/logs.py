"""Log lines: what happens to stdout, errors to stderr, and no secret in either."""

import logging
import re
import sys
from collections.abc import Iterable

from uvicorn.logging import AccessFormatter, DefaultFormatter

HIDDEN = "***"
# A shorter value may be part of an ordinary word, and hiding it would say more than it hides.
SHORTEST_SECRET = 8
# user:password@ in a URL, a JSON Web Token, whatever follows "Bearer".
SHAPES = re.compile(
    r"(?P<before>://[^:/@\s]*:)[^@\s]+(?=@)"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?P<bearer>\bBearer\s+)[^\s'\",]+",
    re.IGNORECASE,
)


class Redactor:
    """Hides known secrets, and what looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: one secret may be the beginning of another.
        known = sorted({secret for secret in secrets if len(secret) >= SHORTEST_SECRET}, key=len, reverse=True)
        self.known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self.known:
            text = self.known.sub(HIDDEN, text)
        return SHAPES.sub(lambda match: f"{match['before'] or match['bearer'] or ''}{HIDDEN}", text)


class RedactingFormatter(DefaultFormatter):
    """uvicorn's lines, stack traces included, without secrets."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(levelprefix)s %(message)s", use_colors=False)
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))


class RedactingAccessFormatter(AccessFormatter):
    """uvicorn's access lines; a path may hold anything that somebody typed."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__('%(levelprefix)s %(client_addr)s - "%(request_line)s" %(status_code)s', use_colors=False)
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))


def configure(level: str, secrets: Iterable[str]) -> None:
    """Sets up all loggers of the process."""
    redact = Redactor(secrets)
    out, err = logging.StreamHandler(sys.stdout), logging.StreamHandler(sys.stderr)
    access = logging.StreamHandler(sys.stdout)
    out.addFilter(lambda record: record.levelno < logging.ERROR)
    err.setLevel(logging.ERROR)
    for handler in (out, err):
        handler.setFormatter(RedactingFormatter(redact))
    access.setFormatter(RedactingAccessFormatter(redact))

    logging.root.handlers = [out, err]
    logging.root.setLevel(logging.WARNING)
    for name in ("app", "alembic", "uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = [access] if name == "uvicorn.access" else []
        logger.propagate = name != "uvicorn.access"
        logger.setLevel(level)
