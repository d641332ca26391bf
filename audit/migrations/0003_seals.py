import django.db.models.deletion
from django.db import migrations, models

from kernel.append_only import append_only

# In the row's own transaction, whoever inserts it: nobody has to remember.
WANTS_SEAL = """
    CREATE FUNCTION audit_row_wants_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO audit_auditunsealed (row_id) VALUES (NEW.id);
      RETURN NULL;
    END $$;
    CREATE TRIGGER audit_auditrow_wants_seal AFTER INSERT ON audit_auditrow
      FOR EACH ROW EXECUTE FUNCTION audit_row_wants_seal();
    INSERT INTO audit_auditunsealed (row_id) SELECT id FROM audit_auditrow;
"""
NO_MORE = "DROP TRIGGER audit_auditrow_wants_seal ON audit_auditrow; DROP FUNCTION audit_row_wants_seal();"


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditAnchor",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditUnsealed",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="wants_seal",
                        serialize=False,
                        to="audit.auditrow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seal", to="audit.auditrow"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="audit_seal_counts_from_one"
                    )
                ],
            },
        ),
        migrations.RunSQL(*append_only("audit_auditseal")),
        migrations.RunSQL(*append_only("audit_auditanchor")),
        migrations.RunSQL(WANTS_SEAL, NO_MORE),
    ]
