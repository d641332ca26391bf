"""The hosted pages as a browser gets them."""

import pytest
import requests


@pytest.mark.parametrize(
    ("locale", "accepted", "language", "button"),
    [
        ("it", "en", "it", "Paga 11,70 €"),
        (None, "it-IT,it;q=0.9", "it", "Paga 11,70 €"),
        ("auto", "de, it;q=0.5", "it", "Paga 11,70 €"),
        ("auto", "de", "en", "Pay €11.70"),
        ("en", "it", "en", "Pay €11.70"),
    ],
)
def test_the_pay_page_speaks_the_language_asked(sandbox, locale, accepted, language, button):
    session = sandbox.session(**({"locale": locale} if locale else {}))

    page = requests.get(session.url, headers={"Accept-Language": accepted}, timeout=5)

    assert f'<html lang="{language}">' in page.text
    assert f">{button}</button>" in page.text
    assert "Acquisto PIT-2026-000123" in page.text


def test_every_page_says_that_nothing_is_charged_and_forbids_scripts(sandbox):
    paid, open_ = sandbox.session(locale="it"), sandbox.session(locale="it")
    sandbox.pay(paid)
    asked = sandbox.type_card(open_, "4000002760003184").headers["Location"]

    for path in (f"/pay/{paid.id}", f"/pay/{open_.id}", asked, "/", "/pay/cs_nobody"):
        page = requests.get(sandbox.url + path, headers={"Accept-Language": "it"}, timeout=5)
        assert "Ambiente di prova: nessun addebito reale" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'; form-action 'self' *")
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_a_paid_session_says_so_and_leads_back(sandbox):
    session = sandbox.session(locale="it")
    sandbox.pay(session)

    page = requests.get(f"{sandbox.url}/pay/{session.id}", timeout=5)

    assert "Pagamento già effettuato" in page.text
    assert f"http://shop.test/done?session={session.id}" in page.text


def test_what_the_shop_or_the_payer_writes_is_escaped(sandbox):
    session = sandbox.session(
        branding_settings={"display_name": "<b>Bold</b>"},
        custom_text={"submit": {"message": "<i>Soon</i>"}},
    )

    page = sandbox.type_card(session, "", holder='"><script>')

    assert "<b>Bold" not in page.text
    assert "&lt;i&gt;Soon" in page.text
    assert "<script" not in page.text


def test_a_stranger_cannot_answer_for_the_payer(sandbox):
    session = sandbox.session()
    sandbox.type_card(session, "4000002760003184")
    intent = sandbox.intent_of(session)

    answer = requests.post(f"{sandbox.url}/3ds/{intent.id}/guess", data={"answer": "confirm"}, timeout=5)

    assert answer.status_code == 404
    assert sandbox.intent_of(session).status == "requires_action"


def test_a_real_card_number_is_declined(sandbox):
    session = sandbox.session()

    answer = sandbox.type_card(session, "4111111111111111")

    assert answer.status_code == 402
    assert "Only the test cards" in answer.text
