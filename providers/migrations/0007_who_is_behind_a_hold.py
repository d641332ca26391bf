from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("providers", "0006_cooperative_picture")]

    operations = [
        migrations.AddField("slothold", "person", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("slothold", "address", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddIndex(
            "slothold",
            models.Index(condition=~Q(person=""), fields=["person"], name="slot_hold_of_a_person"),
        ),
        migrations.AddIndex(
            "slothold",
            models.Index(condition=~Q(address=""), fields=["address"], name="slot_hold_of_an_address"),
        ),
        migrations.AddConstraint(
            "slothold",
            models.CheckConstraint(
                condition=Q(state__in=["kept", "placed"]) | Q(person="", address=""),
                name="slot_hold_ended_knows_nobody",
            ),
        ),
    ]
