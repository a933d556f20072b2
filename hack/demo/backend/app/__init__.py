"""The demo's backend: accounts, tasks and chat on PostgreSQL, as the image contracts describe it."""

VERSION = "1.0.0"
