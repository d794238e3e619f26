from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from agencies.reading.post import held_up

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: a page that comes only when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type=PLAIN)


@login_not_required
@never_cache
def health_work(request: HttpRequest) -> HttpResponse:
    """For whoever watches: 503 when mail or jobs wait and nobody sees to them."""
    trouble = held_up()
    words = trouble.what or "ok"
    return HttpResponse(f"{words}\n", content_type=PLAIN, status=503 if trouble else 200)
