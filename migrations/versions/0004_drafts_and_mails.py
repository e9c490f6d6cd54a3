"""Drafts and mails

A draft keeps whatever was typed for a page; a mail belongs to an account, even where its address has changed since.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

draft = sa.table("draft", sa.column("id", sa.Integer), sa.column("stopped_at", sa.Text))


def upgrade():
    with op.batch_alter_table("draft") as table:
        table.alter_column("stopped_at", type_=sa.Text(), existing_type=sa.Integer(), postgresql_using="stopped_at::text")
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_message_user_id_user"), "user", ["user_id"], ["id"], ondelete="CASCADE")
        table.create_index(op.f("ix_message_user_id"), ["user_id"])
    op.execute('UPDATE message SET user_id = (SELECT id FROM "user" WHERE email = message.recipient)')


def downgrade():
    with op.batch_alter_table("message") as table:
        table.drop_index(op.f("ix_message_user_id"))
        table.drop_constraint(op.f("fk_message_user_id_user"), type_="foreignkey")
        table.drop_column("user_id")
    for key, typed in op.get_bind().execute(sa.select(draft.c.id, draft.c.stopped_at)).all():
        if typed and not (typed.isdecimal() and len(typed) < 10):  # what is no page had no place then
            op.execute(sa.update(draft).where(draft.c.id == key).values(stopped_at=None))
    with op.batch_alter_table("draft") as table:
        table.alter_column("stopped_at", type_=sa.Integer(), existing_type=sa.Text(), postgresql_using="stopped_at::integer")
