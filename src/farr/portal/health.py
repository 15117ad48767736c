"""Whether the portal can answer: its database and what was published. For a load balancer; says no more than yes or no."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from farr.lab.model.errors import FarrError
from farr.portal.access.needs import is_open
from farr.portal.benchmarks.published import PUBLISHED


@is_open
def health(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        PUBLISHED.contents()
    except (DatabaseError, FarrError):
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
