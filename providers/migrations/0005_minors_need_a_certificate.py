from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LAW = "D.P.R. 313/2002, art. 25-bis (D.Lgs. 39/2014): certificato penale del casellario per chi lavora con minori"


def require(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("providers", "RequiredCertificate").objects.create(
        kind_slug="babysitting", certificate="criminal_record", source=LAW
    )


def forget(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("providers", "RequiredCertificate").objects.filter(
        kind_slug="babysitting", certificate="criminal_record"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_closed_slot_follows_taken")]

    operations = [migrations.RunPython(require, forget)]
