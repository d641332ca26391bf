"""Oscar's offers stay off: a price is the listing's price, whatever offer somebody leaves in the database."""

import pytest
from django.urls import reverse
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

from tests.front_door import a_visitor_with_a_basket

pytestmark = pytest.mark.django_db


def test_half_price_for_everything_changes_no_total():
    everything = Range.objects.create(name="everything", includes_all_products=True)
    ConditionalOffer.objects.create(
        name="half price",
        offer_type=ConditionalOffer.SITE,
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=50),
    )
    visitor = a_visitor_with_a_basket()

    page = visitor.get(reverse("storefront:basket", args=["cremasco"])).content.decode()

    assert "58,80" in page
