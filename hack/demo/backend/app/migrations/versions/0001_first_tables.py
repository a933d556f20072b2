"""The four tables of seed 001: users, tasks, conversations, messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("email", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        moment("created_at"),
    )
    op.create_table(
        "tasks",
        number(),
        owner(),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("completed", sa.Boolean, nullable=False, server_default=sa.false()),
        moment("created_at"),
        moment("updated_at"),
    )
    # The list of one user, newest first.
    op.create_index("tasks_of_user", "tasks", ["user_id", "id"])
    op.create_table(
        "conversations",
        sa.Column("id", UUID, primary_key=True),
        owner(),
        moment("created_at"),
    )
    op.create_index("conversations_of_user", "conversations", ["user_id"])
    op.create_table(
        "messages",
        number(),
        sa.Column("conversation_id", UUID, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("role", sa.Text, sa.CheckConstraint("role IN ('user', 'assistant')"), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        moment("created_at"),
    )
    op.create_index("messages_of_conversation", "messages", ["conversation_id", "id"])


def downgrade() -> None:
    for table in ("messages", "conversations", "tasks", "users"):
        op.drop_table(table)


def number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def owner() -> sa.Column[object]:
    return sa.Column("user_id", UUID, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


def moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
