"""Signing up and in, and whose request this is."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

import asyncpg
from fastapi import APIRouter, Depends, HTTPException, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from app import tokens
from app.services import Services, UsesServices
from app.text import Email, Password, PersonName

router = APIRouter(prefix="/auth", tags=["accounts"])


class SignUp(BaseModel):
    email: Email
    password: Password
    name: PersonName = ""


class SignIn(BaseModel):
    email: Email
    # No rule: a password that could not be chosen is simply wrong.
    password: str


class User(BaseModel):
    id: UUID
    email: str
    name: str
    created_at: datetime


class SignedIn(BaseModel):
    user: User
    token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_at: datetime


@router.post("/signup", status_code=201, responses={409: {"description": "the address has an account"}})
async def sign_up(wanted: SignUp, services: UsesServices) -> SignedIn:
    hashed = await services.passwords.hash(wanted.password)
    async with services.database.connection() as connection:
        try:
            row = await connection.fetchrow(
                "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)"
                " RETURNING id, email, name, created_at",
                uuid4(),
                wanted.email,
                wanted.name,
                hashed,
            )
        except asyncpg.UniqueViolationError:
            raise HTTPException(409, "there is an account with this address") from None
    return signed_in(User(**row), services)


@router.post("/signin", responses={401: {"description": "address or password is wrong"}})
async def sign_in(given: SignIn, services: UsesServices) -> SignedIn:
    async with services.database.connection() as connection:
        row = await connection.fetchrow("SELECT * FROM users WHERE email = $1", given.email)
    if not await services.passwords.matches(given.password, row and row["password_hash"]):
        raise HTTPException(401, "address or password is wrong")
    return signed_in(User(**row), services)


def signed_in(user: User, services: Services) -> SignedIn:
    now = tokens.now()
    expires_at = now + services.tokens.lifetime
    return SignedIn(user=user, token=services.tokens.issue(user.id, now), expires_at=expires_at)


bearer = HTTPBearer(auto_error=False, description="the token that signing in gives")


async def owner(
    user_id: Annotated[UUID, Path(description="whose; everybody sees their own alone")],
    services: UsesServices,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> UUID:
    """The user of the path, who must be the one of the token."""
    user = services.tokens.user(credentials.credentials) if credentials else None
    if user is None:
        raise HTTPException(401, "sign in first", {"WWW-Authenticate": "Bearer"})
    if user != user_id:
        raise HTTPException(403, "this belongs to somebody else")
    return user


Owner = Annotated[UUID, Depends(owner)]
