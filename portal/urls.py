from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("prenotazioni/", views.bookings, name="bookings"),
    path("prenotazioni/<str:code>/", views.booking, name="booking"),
]
