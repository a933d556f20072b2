"""Passwords, kept as scrypt hashes."""

import asyncio
import hmac
import os
from base64 import b64decode, b64encode
from hashlib import scrypt

# 16 MiB and some 40 ms for each: dear for whoever guesses, and not for a pod with 128 MiB.
COST, BLOCK, PARALLEL = 2**14, 8, 1
LENGTH = 32
# At most so many at a time; the rest of the process goes on meanwhile.
AT_A_TIME = 2


class Passwords:
    """Makes and checks hashes."""

    def __init__(self) -> None:
        self.turn = asyncio.Semaphore(AT_A_TIME)
        # Checked where there is no such user, so that the time of an answer does not tell.
        self.nobody = encode(os.urandom(16), os.urandom(LENGTH))

    async def hash(self, password: str) -> str:
        salt = os.urandom(16)
        return encode(salt, await self.derive(password, salt))

    async def matches(self, password: str, known: str | None) -> bool:
        salt, expected = map(b64decode, (known or self.nobody).split("$")[1:])
        return hmac.compare_digest(await self.derive(password, salt), expected) and known is not None

    async def derive(self, password: str, salt: bytes) -> bytes:
        async with self.turn:
            return await asyncio.to_thread(
                scrypt, password.encode(), salt=salt, n=COST, r=BLOCK, p=PARALLEL, dklen=LENGTH
            )


def encode(salt: bytes, derived: bytes) -> str:
    return f"scrypt${b64encode(salt).decode()}${b64encode(derived).decode()}"
