from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checkout.deliver_booking import deliver_booking
from checkout.models import Booking
from kernel.errors import DomainError
from people.acting import actor_behind
from portal.access import at_the_desk
from portal.forms import ServiceCodeForm
from portal.queries import booking_of, done_bookings, payable_cents, planned_bookings
from providers.models import Cooperative


@never_cache
@require_safe
@at_the_desk
def bookings(request: HttpRequest, cooperative: Cooperative) -> HttpResponse:
    """The cooperative's own bookings, next first, and what it has earned."""
    context = {
        "cooperative": cooperative,
        "planned": planned_bookings(cooperative),
        "done": done_bookings(cooperative),
        "payable": payable_cents(cooperative),
    }
    return render(request, "portal/bookings.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def booking(request: HttpRequest, code: str, cooperative: Cooperative) -> HttpResponse:
    """One booking; POST proves it by the family's service code."""
    found = get_object_or_404(booking_of(cooperative).prefetch_related("answers__question"), code=code)
    now = timezone.now()
    form = ServiceCodeForm(
        request.POST or None, lies_ahead=found.visit is not None and now < found.visit.period.lower
    )
    if request.method == "POST" and form.is_valid():
        try:
            deliver_booking(
                code,
                cooperative_id=cooperative.pk,
                service_code=form.cleaned_data["service_code"],
                by=actor_behind(request.user),
                now=now,
                done_early=form.cleaned_data.get("done_early", False),
            )
        except Booking.DoesNotExist:
            raise Http404 from None
        except DomainError as refusal:
            form.add_error("service_code", str(refusal))
        else:
            messages.success(request, _("Confirmed: the amount waits to be paid out to you."))
            district = request.resolver_match.kwargs["district"] if request.resolver_match else ""
            return redirect("portal:bookings", district)
    context = {"cooperative": cooperative, "booking": found, "form": form}
    return render(request, "portal/booking.html", context, status=422 if form.errors else 200)
