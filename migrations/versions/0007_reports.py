"""Reports

What readers report, and what writers say against the removal of a review.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def column(name, kind, nullable=False):
    return sa.Column(name, kind, nullable=nullable)


def upgrade():
    op.create_table(
        "report",
        column("id", sa.Integer()),
        column("case_id", sa.Integer()),
        column("user_id", sa.Integer(), nullable=True),
        column("rule", sa.Text()),
        column("words", sa.Text()),
        column("at", sa.DateTime(timezone=True)),
        column("upheld", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_report_case_id_moderation_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_user_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_report_case_id_user_id")),
    )
    op.create_index("ix_report_user_id", "report", ["user_id"])
    op.create_table(
        "appeal",
        column("id", sa.Integer()),
        column("decision_id", sa.Integer()),
        column("case_id", sa.Integer()),
        column("words", sa.Text()),
        column("at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_appeal_case_id_moderation_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id_decision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    op.create_index("ix_appeal_case_id", "appeal", ["case_id"])


def downgrade():
    op.drop_table("appeal")
    op.drop_table("report")
