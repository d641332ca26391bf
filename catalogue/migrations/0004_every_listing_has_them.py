import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listing", "0003_what_was_said_moves_in"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="listing", name="listing_vat_plausible"),
        migrations.RemoveField(model_name="listing", name="vat_bp"),
        migrations.AlterField(
            model_name="listing",
            name="tax_profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="listing.taxprofile"
            ),
        ),
        migrations.AlterField(model_name="listing", name="title", field=models.CharField(max_length=120)),
        migrations.AlterField(
            model_name="listing",
            name="withdrawal_profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="listing.withdrawalprofile",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="listing_has_a_title"
            ),
        ),
    ]
