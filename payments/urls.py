from django.urls import path

from payments import views

urlpatterns = [path("stripe/eventi/", views.stripe_events, name="stripe_events")]
