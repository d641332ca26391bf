from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reporting.readiness import troubles


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, worker and sandbox answer; 503 with what is missing."""
    missing = troubles()
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)
