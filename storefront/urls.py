from django.urls import path

from storefront.views import basket, checkout, compare, home, listings, mine, pages, results, series

app_name = "storefront"
urlpatterns = [
    path("", home.home, name="home"),
    path("cerca/", results.search, name="search"),
    path("servizi/<slug:kind>/", results.kind, name="kind"),
    path("confronta/", compare.compare, name="compare"),
    path("annuncio/<slug:listing>/", listings.listing, name="listing"),
    path("annuncio/<slug:listing>/prezzo/", listings.price, name="price"),
    path("annuncio/<slug:listing>/serie/", series.series, name="series"),
    path("carrello/", basket.basket, name="basket"),
    path("carrello/tempo/", basket.time_left, name="time_left"),
    path("carrello/altri-15-minuti/", basket.longer, name="keep_longer"),
    path("carrello/rimetti/", basket.put_back, name="put_back"),
    path("carrello/serie/<code:code>/togli/", basket.drop_all, name="drop_series"),
    path("carrello/<code:code>/togli/", basket.drop, name="drop"),
    path("conferma/", checkout.confirm, name="checkout"),
    path("pagamento/<str:token>/", checkout.pay, name="pay"),
    path("pagamento/ritorno/<str:token>/", checkout.payment_return, name="payment_return"),
    path("p/<str:token>/", checkout.purchase, name="purchase"),
    path("io/", mine.my_bookings, name="my_bookings"),
    path("aiuto/", pages.page, {"name": "help"}, name="help"),
    path("accessibilita/", pages.page, {"name": "accessibility"}, name="accessibility"),
    path("privacy/", pages.page, {"name": "privacy"}, name="privacy"),
    path("recesso/", pages.page, {"name": "withdrawal"}, name="withdrawal"),
]
