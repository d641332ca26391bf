"""A price step named in the settings changes every price that is shown, and the one that is charged."""

from collections.abc import Sequence
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalogue.pricing import Asker, PriceForYou, Step, price_for, prices_for
from checkout.models import Purchase
from payments.models import Payment
from tests.builders import NOW, a_listing
from tests.front_door import a_filled_in_checkout, a_slot_from_now, a_visitor_with_a_basket, found_by_search

pytestmark = pytest.mark.django_db
ASKER = Asker(now=NOW)


def a_tenth_off(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [Step("tenth", "Un decimo in meno", "Perché è una prova.", price.price // 10) for price in prices]


def nothing_for_anybody(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [None for _ in prices]


def half_paid_by_others(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [
        Step("half", "Metà", "La paga un altro.", price.you_pay // 2, is_paid_by_others=True)
        for price in prices
    ]


def dearer(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [Step("dearer", "", "", -1) for _ in prices]


def more_than_all(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [Step("all", "", "", price.you_pay + 1) for price in prices]


def one_too_few(prices: Sequence[PriceForYou], asker: Asker) -> list[Step | None]:
    return [None for _ in prices[1:]]


def steps(*names: str) -> list[str]:
    return [f"{__name__}.{name}" for name in names]


def words(html: bytes) -> str:
    return unescape(html.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_without_steps_the_price_is_the_list_price():
    price = price_for(a_listing(price=4_90), 6000, ASKER)

    assert (price.list_price, price.price, price.you_pay, price.steps) == (29_40, 29_40, 29_40, ())


def test_steps_follow_each_other_in_the_order_of_the_setting(settings: Settings):
    settings.PRICE_STEPS = steps("a_tenth_off", "nothing_for_anybody", "half_paid_by_others")

    price = price_for(a_listing(price=4_90), 6000, ASKER)

    assert [step.cents_off for step in price.steps] == [2_94, 13_23]
    assert (price.list_price, price.price, price.you_pay) == (29_40, 26_46, 13_23)


@pytest.mark.parametrize("bug", ["dearer", "more_than_all", "one_too_few"])
def test_a_step_that_raises_a_price_or_loses_an_item_is_a_bug(settings: Settings, bug: str):
    settings.PRICE_STEPS = steps(bug)
    listing = a_listing()

    with pytest.raises(ValueError):  # noqa: PT011
        prices_for([(listing, 6000), (listing, 7000)], ASKER)


def test_every_page_shows_the_price_for_you_with_its_list_price_and_reason(settings: Settings):
    settings.PRICE_STEPS = steps("a_tenth_off")
    slot = a_slot_from_now(of=a_listing("Camicie", price=4_90))
    found_by_search()
    pages = {
        name: words(Client().get(reverse(f"storefront:{name}", args=["cremasco", *args]), query).content)
        for name, args, query in (
            ("kind", ["stireria"], {"quanto": "6"}),
            ("listing", [slot.listing.slug], {"quanto": "6"}),
            ("price", [slot.listing.slug], {"quanto": "6"}),
            ("compare", [], {"quanto": "6", "a": slot.listing.slug}),
        )
    }

    for name, page in pages.items():
        assert "26,46 €" in page, name
        assert "Listino 29,40 €" in page, name
        assert "per 6 kg" in page, name
    assert "Perché è una prova." in pages["listing"]


def test_what_is_shown_is_what_is_charged(settings: Settings, sandbox: str):
    settings.PRICE_STEPS = steps("a_tenth_off")
    visitor = a_visitor_with_a_basket(a_slot_from_now(of=a_listing("Camicie", price=4_90)))
    address, form = a_filled_in_checkout(visitor)
    page = words(visitor.get(address).content)

    visitor.post(address, form)

    assert "Prenota e paga 26,46 €" in page
    assert "Un decimo in meno" in page
    purchase = Purchase.objects.get()
    assert purchase.total_cents == Payment.objects.get().amount_cents == 26_46
    assert purchase.bookings.get().gross_cents == 26_46
    assert purchase.quote["lines"][0]["steps"] == [
        {"code": "tenth", "label": "Un decimo in meno", "cents_off": 2_94}
    ]


def test_a_step_that_comes_while_somebody_is_paying_is_told_and_nothing_is_charged(settings: Settings):
    visitor = a_visitor_with_a_basket(a_slot_from_now(of=a_listing("Camicie", price=4_90)))
    address, form = a_filled_in_checkout(visitor)
    settings.PRICE_STEPS = steps("a_tenth_off")

    answer = visitor.post(address, form)

    assert answer.status_code == 422
    assert "26,46 €" in words(answer.content)
    assert not Purchase.objects.exists()
