"""Give each listing its words and its profiles: until now Oscar's product had the words, and a number the VAT."""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

VAT_SINCE = {2200: date(2013, 10, 1), 500: date(2016, 1, 1)}
VAT_SOURCE = {
    2200: "D.P.R. 633/1972, art. 16; L. 98/2013, art. 11",
    500: "D.P.R. 633/1972, Tab. A, parte II-bis, n. 1; L. 208/2015, art. 1, c. 960",
}
CERTAIN = {2200}
CERTAIN = {2200}
WITHDRAWAL_SOURCE = "D.Lgs. 206/2005 (Codice del consumo), artt. 52, 57 e 59 lett. a); D.Lgs. 21/2014"


def give_words_and_profiles(apps, schema_editor):
    Listing = apps.get_model("listing", "Listing")
    listings = list(Listing.objects.select_related("stockrecord__product"))
    if not listings:
        return
    withdrawal = _withdrawal(apps)
    profiles = {vat_bp: _tax(apps, vat_bp) for vat_bp in {listing.vat_bp for listing in listings}}
    for listing in listings:
        product = listing.stockrecord.product
        listing.title, listing.description = product.title or listing.slug, product.description
        listing.tax_profile, listing.withdrawal_profile = profiles[listing.vat_bp], withdrawal
        listing.save()


def _withdrawal(apps):
    profile, _ = apps.get_model("listing", "WithdrawalProfile").objects.get_or_create(
        slug="servizi", defaults={"name_it": "Servizi alla persona", "name_en": "Services"}
    )
    profile.rules.get_or_create(
        right="until_performed",
        defaults={
            "days": 14,
            "in_force": DateRange(date(2014, 6, 13), None),
            "source": WITHDRAWAL_SOURCE,
        },
    )
    return profile


def _tax(apps, vat_bp):
    percent = f"{vat_bp / 100:g}"
    profile, _ = apps.get_model("listing", "TaxProfile").objects.get_or_create(
        slug=f"iva-{vat_bp}",
        defaults={"name_it": f"IVA {percent} %".replace(".", ","), "name_en": f"VAT {percent}%"},
    )
    profile.rates.get_or_create(
        vat_bp=vat_bp,
        defaults={
            "in_force": DateRange(VAT_SINCE.get(vat_bp, date(2013, 10, 1)), None),
            "source": VAT_SOURCE.get(vat_bp, "chosen by the cooperative"),
            "is_certain": vat_bp in CERTAIN,
        },
    )
    return profile


class Migration(migrations.Migration):
    dependencies = [("listing", "0002_words_law_questions_tiers")]

    operations = [migrations.RunPython(give_words_and_profiles, migrations.RunPython.noop)]
