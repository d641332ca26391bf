"""The words of the hosted pages, in Italian and in English."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from payments.sandbox.shapes import Json

Words = dict[str, str]

WORDS: dict[str, Words] = {
    "it": {
        "banner": "Ambiente di prova: nessun addebito reale",
        "pay_title": "Pagamento con carta",
        "summary": "Riepilogo",
        "total": "Totale",
        "quantity": "Quantità",
        "card_details": "Dati della carta",
        "number": "Numero della carta",
        "expiry": "Scadenza (MM/AA)",
        "cvc": "Codice di sicurezza (CVC)",
        "cvc_hint": "Le tre cifre sul retro: in prova vanno bene tre cifre qualsiasi.",
        "expiry_hint": "In prova va bene qualsiasi mese futuro, per esempio 12/34.",
        "holder": "Nome sulla carta",
        "pay": "Paga",
        "back": "Torna senza pagare",
        "errors": "Controlla questi punti",
        "not_paid": "Il pagamento non è riuscito",
        "not_paid_advice": "Puoi riprovare con un'altra carta.",
        "error_prefix": "Errore: ",
        "number_invalid": "Il numero della carta non è valido.",
        "number_missing": "Scrivi il numero della carta.",
        "expiry_invalid": "Scrivi la scadenza come mese e anno, per esempio 12/34.",
        "expiry_past": "La carta è scaduta.",
        "cvc_invalid": "Scrivi le tre cifre del codice di sicurezza.",
        "holder_missing": "Scrivi il nome che è sulla carta.",
        "generic_decline": "La banca ha rifiutato la carta.",
        "insufficient_funds": "Sulla carta non ci sono fondi sufficienti.",
        "test_mode_live_card": "Qui si usano solo le carte di prova elencate sotto: "
        "la carta è stata rifiutata.",
        "authentication_failure": "La banca non ha ricevuto la tua conferma.",
        "test_cards": "Carte di prova",
        "test_cards_intro": "Usa una scadenza futura e un CVC di tre cifre qualsiasi.",
        "column_number": "Numero",
        "column_effect": "Che cosa succede",
        "card_succeeds": "Il pagamento riesce.",
        "card_authenticates": "La banca chiede una conferma (3D Secure).",
        "card_declined": "La banca rifiuta la carta.",
        "card_insufficient_funds": "Rifiutata: fondi insufficienti.",
        "card_disputed": "Riesce. (In Stripe segue una contestazione; qui non ancora.)",
        "complete_title": "Pagamento già effettuato",
        "complete_text": "Questo pagamento è già stato completato: non serve pagare di nuovo.",
        "expired_title": "Pagamento scaduto",
        "expired_text": "Il tempo per questo pagamento è finito e nulla è stato addebitato.",
        "go_back": "Torna al sito",
        "missing_title": "Pagina non trovata",
        "missing_text": "Non c'è nessun pagamento a questo indirizzo.",
        "bank_title": "Conferma dalla tua banca",
        "bank_text": "La banca di prova chiede se vuoi davvero pagare questo importo.",
        "confirm": "Conferma",
        "refuse": "Rifiuta",
        "amount": "Importo",
        "card": "Carta",
        "merchant": "A favore di",
    },
    "en": {
        "banner": "Test environment: no real charge",
        "pay_title": "Card payment",
        "summary": "Summary",
        "total": "Total",
        "quantity": "Quantity",
        "card_details": "Card details",
        "number": "Card number",
        "expiry": "Expiry (MM/YY)",
        "cvc": "Security code (CVC)",
        "cvc_hint": "The three digits on the back: any three will do for a test.",
        "expiry_hint": "Any month to come will do for a test, e.g. 12/34.",
        "holder": "Name on card",
        "pay": "Pay",
        "back": "Go back without paying",
        "errors": "Please check these points",
        "not_paid": "The payment did not go through",
        "not_paid_advice": "You can try again with another card.",
        "error_prefix": "Error: ",
        "number_invalid": "The card number is not valid.",
        "number_missing": "Enter the card number.",
        "expiry_invalid": "Enter the expiry as month and year, e.g. 12/34.",
        "expiry_past": "The card has expired.",
        "cvc_invalid": "Enter the three digits of the security code.",
        "holder_missing": "Enter the name on the card.",
        "generic_decline": "The bank declined the card.",
        "insufficient_funds": "The card has insufficient funds.",
        "test_mode_live_card": "Only the test cards listed below work here: the card was declined.",
        "authentication_failure": "The bank did not get your confirmation.",
        "test_cards": "Test cards",
        "test_cards_intro": "Use any expiry to come and any three-digit CVC.",
        "column_number": "Number",
        "column_effect": "What happens",
        "card_succeeds": "The payment succeeds.",
        "card_authenticates": "The bank asks for confirmation (3D Secure).",
        "card_declined": "The bank declines the card.",
        "card_insufficient_funds": "Declined: insufficient funds.",
        "card_disputed": "Succeeds. (At Stripe a dispute follows; not here yet.)",
        "complete_title": "Already paid",
        "complete_text": "This payment is complete: there is no need to pay again.",
        "expired_title": "Payment expired",
        "expired_text": "The time for this payment is over and nothing was charged.",
        "go_back": "Back to the site",
        "missing_title": "Page not found",
        "missing_text": "There is no payment at this address.",
        "bank_title": "Confirmation from your bank",
        "bank_text": "The test bank asks whether you really want to pay this amount.",
        "confirm": "Confirm",
        "refuse": "Refuse",
        "amount": "Amount",
        "card": "Card",
        "merchant": "To",
    },
}


def language_for(request: HttpRequest, session: Json | None) -> str:
    """Return ``it`` or ``en``: what the session says, else what the browser prefers."""
    locale = (session or {}).get("locale") or "auto"
    if locale != "auto":
        return "it" if locale.startswith("it") else "en"
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wanted[:2] in WORDS:
            return wanted[:2]
    return "en"
