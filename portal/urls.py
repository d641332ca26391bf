from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("prenotazioni/", views.bookings, name="bookings"),
    path("prenotazioni/<code:code>/", views.booking, name="booking"),
]
