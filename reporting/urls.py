from django.urls import path

from reporting import views

urlpatterns = [path("readyz", views.readyz, name="readyz")]
