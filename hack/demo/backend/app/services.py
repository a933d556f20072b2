"""What the routes share, made once at the start."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from app.database import Database
from app.drain import Drain
from app.language_model import LanguageModel
from app.passwords import Passwords
from app.tokens import Tokens


@dataclass(frozen=True)
class Services:
    """The parts."""

    database: Database
    drain: Drain
    passwords: Passwords
    tokens: Tokens
    model: LanguageModel | None


def services_of(request: Request) -> Services:
    return cast(Services, request.app.state.services)


UsesServices = Annotated[Services, Depends(services_of)]
