from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchase", "0002_answers")]

    operations = [
        migrations.AddField("booking", "series", models.CharField(blank=True, default="", max_length=12)),
    ]
