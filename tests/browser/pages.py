"""Every address of the URL conf: how to meet it filled and how empty, or why it is no page to look at.

To add a page, add one line to ``PAGES``::

    "storefront:place": {"filled": at("cremasco", "{place}"), "empty": at("vuoto", "nowhere", status=404)},

Words in braces are ``World.names`` (see ``world.py``); ``who`` is one of ``World.visitors``. The demo district
``cremasco`` is full, ``nuovo`` has one kind of service that nobody offers, ``vuoto`` has nothing. A page that
cannot be empty has no such line; states of its own (``errors``, ``settled``) are welcome.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page


@dataclass(frozen=True)
class Visit:
    """One way to meet an address, and what answers there."""

    arguments: tuple[str, ...] = ()
    who: str = "stranger"
    query: str = ""
    status: int = 200
    then: Callable[[Page], None] | None = None
    speaks: str = ""


def at(
    *arguments: str,
    who: str = "stranger",
    query: str = "",
    status: int = 200,
    then: Callable[[Page], None] | None = None,
    speaks: str = "",
) -> Visit:
    """See ``Visit``. ``speaks`` is the page's language where it is the same for everybody."""
    return Visit(arguments, who, query, status, then, speaks)


def sent_empty(page: Page) -> None:
    """Send the page's own form as it is, so that it comes back with its errors."""
    page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.locator("#errors").wait_for()


SIGN_IN_FIRST = at("cremasco", status=302)

PAGES: dict[str, dict[str, Visit]] = {
    "welcome": {"two districts": at()},
    "storefront:home": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:search": {
        "filled": at("cremasco", query="q=camicie&comune="),
        "put right": at("cremasco", query="q=sitreria&comune="),
        "empty": at("cremasco", query="q=xyzzy&comune="),
        "errors": at("cremasco", query="servizio=&comune=", status=422),
    },
    "storefront:compare": {
        "filled": at("cremasco", query="a={listing}&a={poor_listing}&quanto=6"),
        "empty": at("cremasco"),
    },
    "storefront:series": {"filled": at("cremasco", "{listing}", query="orario={slot}&quanto=6&volte=4")},
    "storefront:cooperative": {
        "filled": at("cremasco", "{cooperative}"),
        "empty": at("cremasco", "papavero"),
    },
    "storefront:municipalities": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:municipality": {"filled": at("cremasco", "offanengo"), "empty": at("cremasco", "ticengo")},
    "storefront:place": {
        "filled": at("cremasco", "centro-civico-offanengo"),
        "empty": at("cremasco", "cosmetica-demo-tormo"),
    },
    "storefront:prices": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:ranking": {"filled": at("cremasco")},
    "storefront:about": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:terms": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:terms_version": {"filled": at("cremasco", "1")},
    "storefront:privacy_version": {"filled": at("cremasco", "1")},
    "storefront:kind": {
        "filtered": at("cremasco", "{kind}", query="comune=crema&prezzo=600"),
        "nothing fits": at("cremasco", "{kind}", query="comune=crema&prezzo=1"),
        "filled": at("cremasco", "{kind}", query="comune=offanengo&quanto=6"),
        "empty": at("nuovo", "stireria"),
        "errors": at("cremasco", "{kind}", query="quanto=tanto", status=422),
    },
    "storefront:listing": {
        "filled": at("cremasco", "{listing}", query="comune=offanengo&quanto=6"),
        "empty": at("cremasco", "{poor_listing}", query="comune=crema"),
        "errors": at("cremasco", "{listing}", status=422, then=sent_empty),
    },
    "storefront:basket": {"filled": at("cremasco", who="shopper"), "empty": at("cremasco")},
    "storefront:checkout": {
        "filled": at("cremasco", who="shopper"),
        "errors": at("cremasco", who="shopper", status=422, then=sent_empty),
    },
    "storefront:purchase": {
        "booked": at("cremasco", "{booked}", who="buyer"),
        "settled": at("cremasco", "{settled}", who="buyer"),
        "abandoned": at("cremasco", "{abandoned}", who="buyer"),
        "open": at("cremasco", "{open}", who="buyer"),
        "waiting": at("cremasco", "{open}", who="buyer", query="attesa=1"),
        "no payment page": at("cremasco", "{unasked}", who="buyer"),
    },
    "storefront:my_bookings": {
        "filled": at("cremasco", who="family"),
        "empty": at("cremasco", who="newcomer"),
    },
    "storefront:help": {"filled": at("cremasco")},
    "storefront:accessibility": {"filled": at("cremasco")},
    "storefront:privacy": {"filled": at("cremasco"), "empty": at("vuoto")},
    "storefront:withdrawal": {"filled": at("cremasco")},
    "portal:bookings": {
        "filled": at("cremasco", who="desk"),
        "empty": at("cremasco", who="idle desk"),
    },
    "portal:booking": {
        "filled": at("cremasco", "{booked_booking}", who="desk"),
        "done": at("cremasco", "{settled_booking}", who="desk"),
        "errors": at("cremasco", "{booked_booking}", who="desk", status=422, then=sent_empty),
    },
    "account_login": {"filled": at(), "errors": at(then=sent_empty)},
    "account_signup": {"filled": at(), "errors": at(then=sent_empty)},
    "account_logout": {"filled": at(who="family")},
    "account_reauthenticate": {"filled": at(who="family"), "errors": at(who="family", then=sent_empty)},
    "account_email": {"filled": at(who="family")},
    "account_change_password": {"filled": at(who="family"), "errors": at(who="family", then=sent_empty)},
    "account_reset_password": {"filled": at(), "errors": at(then=sent_empty)},
    "account_reset_password_done": {"filled": at()},
    "account_reset_password_from_key": {
        "filled": at("{uid}", "{reset_key}"),
        "empty": at("{uid}", "used-already"),
    },
    "account_reset_password_from_key_done": {"filled": at()},
    "account_confirm_email": {"filled": at("{confirm_key}"), "empty": at("no-such-key")},
    "account_email_verification_sent": {"filled": at()},
    "account_inactive": {"filled": at()},
}

NO_PAGES: dict[str, tuple[str, Visit]] = {
    "readyz": ("a line of text for machines, and no worker works here", at(status=503)),
    "stripe_events": ("takes POST from Stripe", at(status=405)),
    "set_language": ("takes POST; asked by GET it leads back", at(status=302)),
    "storefront:price": ("a fragment for htmx", at("cremasco", "{listing}", query="quanto=6")),
    "sitemap": ("XML for search engines", at()),
    "robots": ("a text for robots", at()),
    "storefront:sitemap_pages": ("XML for search engines", at("cremasco")),
    "storefront:sitemap_listings": ("XML for search engines", at("cremasco", "1")),
    "storefront:keep_longer": ("takes POST", at("cremasco", status=405)),
    "storefront:time_left": (
        "a fragment for htmx; 286 tells it that nothing is kept",
        at("cremasco", status=286),
    ),
    "storefront:put_back": ("takes POST", at("cremasco", status=405)),
    "storefront:drop_series": ("takes POST", at("cremasco", "{booked_booking}", status=405)),
    "storefront:drop": ("takes POST", at("cremasco", "{booked_booking}", status=405)),
    "storefront:pay": ("takes POST", at("cremasco", "{open}", status=405)),
    "storefront:payment_return": ("leads on to the purchase", at("cremasco", "{open}", status=302)),
    "account_set_password": (
        "leads on to the change of password: everybody has one",
        at(who="family", status=302),
    ),
    "account_confirm_login_code": ("leads to the sign-in: no codes are sent", at(status=302)),
}

# Django's own pages for the platform's staff: not ours to draw. Their addresses are in `marketplace/admin_site.py`.
LEFT_OUT = {"admin"}

# Pages without an address of their own, at addresses that only the tests have (`mishaps.py`).
MISHAPS: dict[str, Visit] = {
    # Given without a request, like 500: nothing is known of the reader, so both languages are said.
    "/prova/400/": at(status=400, speaks="it"),
    "/prova/403/": at(status=403),
    "/prova/403-csrf/": at(status=403),
    "/prova/404/": at(status=404),
    "/prova/500/": at(status=500, speaks="it"),
    "/cremasco/nessuna/": at(status=404),
}


def named_addresses(resolver: URLResolver | None = None, within: str = "") -> Iterator[str]:
    """Every address of the URL conf by its name, or by its route where it has none."""
    for pattern in (resolver or get_resolver("marketplace.urls")).url_patterns:
        if isinstance(pattern, URLPattern):
            yield within + (pattern.name or str(pattern.pattern))
        elif pattern.namespace not in LEFT_OUT:
            yield from named_addresses(
                pattern, f"{within}{pattern.namespace}:" if pattern.namespace else within
            )
