import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import gateway
from payments.store_event import store_event

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def stripe_events(request: HttpRequest) -> HttpResponse:
    """Take a webhook: verify the raw body, store it, answer 200. A forged one is refused and leaves no trace."""
    try:
        event = gateway.read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except ValueError:
        log.warning("refused a webhook that Stripe did not sign")
        return HttpResponseBadRequest()
    if event.get("livemode") and settings.PAYMENTS_ARE_A_SANDBOX:
        log.error("refused a live event: this shop takes test payments only")
        return HttpResponseBadRequest()
    store_event(event, now=timezone.now())
    return HttpResponse()
