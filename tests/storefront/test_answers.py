"""What a service asks before somebody comes: asked once, kept with the booking, read by who serves, then forgotten."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Question
from checkout.apply_payment import apply_payment
from checkout.forget_contacts import forget_contact
from checkout.models import Answer, Booking, Contact, Purchase
from checkout.place_purchase import AnswerMissing, GivenAnswer, place_purchase
from tests.builders import (
    NOW,
    SOMEBODY,
    a_basket,
    a_cooperative,
    a_kept_booking,
    a_kind,
    a_listing,
    a_member_of,
    a_placing,
    a_slot,
    paid,
    payment_of,
)
from tests.front_door import a_filled_in_checkout, a_slot_from_now, a_visitor_with_a_basket

pytestmark = pytest.mark.django_db

CHOICES = [
    {"value": "small", "it": "Piccola", "en": "Small"},
    {"value": "large", "it": "Grande", "en": "Large"},
]


def a_question(answer: str = "text", *, required: bool = True, **changes) -> Question:
    known = {
        "kind": a_kind(),
        "slug": f"domanda-{Question.objects.count()}",
        "wording_it": f"Domanda {answer}?",
        "wording_en": f"Question {answer}?",
        "answer": answer,
        "choices": CHOICES if answer == "choice" else [],
        "is_required": required,
    }
    return Question.objects.create(**{**known, **changes})


def field(question: Question, booking: Booking | None = None) -> str:
    listing = (booking or Booking.objects.get()).listing_id
    return f"risposta-{listing}-{question.pk}"


@pytest.mark.parametrize(
    ("answer", "given", "words"),
    [
        ("text", "Il citofono è rotto", "Il citofono è rotto"),
        ("number", "2", "2"),
        ("choice", "large", "Grande"),
        ("yes_no", "yes", "Sì"),
    ],
)
def test_an_answer_goes_with_the_booking_to_who_serves(sandbox: str, answer, given, words):
    question = a_question(answer)
    visitor = a_visitor_with_a_basket(a_slot_from_now(of=a_listing(by=a_cooperative("Girasole"))))
    address, form = a_filled_in_checkout(visitor)

    visitor.post(address, {**form, field(question): given})

    payment = payment_of(Purchase.objects.get())
    apply_payment(payment.pk, paid(payment), by=SOMEBODY, now=NOW)
    desk = Client()
    desk.force_login(a_member_of(a_cooperative("Girasole")))
    page = unescape(
        desk.get(reverse("portal:booking", args=["cremasco", Booking.objects.get().code])).content.decode()
    )
    assert f"Domanda {answer}?" in page
    assert f"<dd>{words}</dd>" in page


@pytest.mark.parametrize(
    ("answer", "given", "said"),
    [
        ("text", "", "Scrivi due parole"),
        ("text", "x" * 301, "300"),
        ("number", "", "Scrivi un numero"),
        ("number", "due", "Scrivi un numero intero"),
        ("number", "٢", "Scrivi un numero intero"),
        ("number", "9" * 300, "Scrivi un numero intero"),
        ("choice", "", "Scegli una di queste risposte"),
        ("choice", "enorme", "Scegli una di queste risposte"),
        ("yes_no", "", "Rispondi sì o no"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_typed_is_lost(answer, given, said):
    question = a_question(answer)
    visitor = a_visitor_with_a_basket(a_slot_from_now())
    address, form = a_filled_in_checkout(visitor)

    answered = visitor.post(address, {**form, field(question): given})

    page = unescape(answered.content.decode())
    assert answered.status_code == 422
    assert said in page
    assert f'href="#id_{field(question)}' in page
    assert 'value="Anna Prova"' in page
    assert not Purchase.objects.exists()
    assert not Answer.objects.exists()


def test_what_need_not_be_answered_can_be_left_open(sandbox: str):
    question = a_question(required=False)
    visitor = a_visitor_with_a_basket(a_slot_from_now())
    address, form = a_filled_in_checkout(visitor)

    visitor.post(address, {**form, field(question): ""})

    assert Purchase.objects.exists()
    assert not Answer.objects.exists()


def test_several_times_of_one_listing_are_asked_about_once_and_all_have_the_answer(sandbox: str):
    question = a_question()
    listing = a_listing()
    visitor = a_visitor_with_a_basket(
        a_slot_from_now(of=listing, days=3), a_slot_from_now(of=listing, days=4)
    )
    address, form = a_filled_in_checkout(visitor)
    name = field(question, Booking.objects.first())

    page = visitor.get(address).content.decode()
    visitor.post(address, {**form, name: "Secondo piano"})

    assert page.count(f'name="{name}"') == 1
    assert list(Answer.objects.values_list("text", flat=True)) == ["Secondo piano"] * 2


def test_another_kinds_questions_closed_ones_and_another_listings_are_not_asked():
    a_question(kind=a_kind("babysitting", "hour"))
    a_question(closed_at=NOW)
    a_question(listing=a_listing("Altro"))
    visitor = a_visitor_with_a_basket(a_slot_from_now())

    page = visitor.get(reverse("storefront:checkout", args=["cremasco"])).content.decode()

    assert "Qualche domanda" not in page


def test_a_question_added_while_the_page_was_open_is_asked_and_nothing_is_charged():
    visitor = a_visitor_with_a_basket(a_slot_from_now())
    address, form = a_filled_in_checkout(visitor)
    a_question()

    answered = visitor.post(address, form)

    assert answered.status_code == 422
    assert "Domanda text?" in unescape(answered.content.decode())
    assert not Purchase.objects.exists()


def test_nothing_is_placed_without_the_answers_whoever_calls():
    a_question()
    basket = a_basket()
    a_kept_booking(a_slot(), basket=basket)

    with pytest.raises(AnswerMissing):
        place_purchase(a_placing(basket.pk), by=SOMEBODY, now=NOW)

    assert not Purchase.objects.exists()


def test_answers_are_forgotten_with_the_contact():
    question = a_question()
    basket = a_basket()
    booking = a_kept_booking(a_slot(), basket=basket)
    given = (GivenAnswer(booking.listing_id, question.pk, "Primo piano"),)
    place_purchase(a_placing(basket.pk, answers=given), by=SOMEBODY, now=NOW)
    contact = Contact.objects.get()

    forget_contact(contact.pk, contact.expires_at - timedelta(seconds=1))
    assert Answer.objects.get().text == "Primo piano"

    forget_contact(contact.pk, contact.expires_at)
    assert Answer.objects.get().text == "-"
