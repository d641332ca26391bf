from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.next_appointment import next_appointment
from checkout.signed_links import purchase_url
from kernel.clock import rome_date
from storefront.districts import district_of, in_district
from storefront.forms import WhereForm
from storefront.kinds import kinds_on_offer
from storefront.memory import remembered_place
from territory.models import District


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Lead to the district, or let people choose theirs."""
    if only := district_of(request):
        return redirect("storefront:home", only.slug)
    return render(request, "storefront/welcome.html", {"districts": District.objects.order_by("name")})


@require_safe
@in_district
def home(request: HttpRequest, district: District) -> HttpResponse:
    """What, where and when; the services with what they cost; the person's next appointment."""
    place = remembered_place(request, district)
    form = WhereForm(
        district=district, today=rome_date(timezone.now()), initial={"comune": place.slug if place else ""}
    )
    return show_home(request, district, form)


def show_home(request: HttpRequest, district: District, form: WhereForm) -> HttpResponse:
    """Answer with the home page and that form; with 422 if something in it is wrong."""
    now = timezone.now()
    appointment = next_appointment(request.user, district_id=district.pk, now=now)
    context = {
        "kinds": kinds_on_offer(district),
        "form": form,
        "appointment": appointment,
        "appointment_url": purchase_url(appointment.purchase) if appointment and appointment.purchase else "",
    }
    return render(request, "storefront/home.html", context, status=422 if form.errors else 200)
