"""Every address of a node: English at the root, Hindi under /hi/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from .accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path(settings.CSP_REPORT_PATH.lstrip("/"), views.csp_report, name="csp_report"),
    *i18n_patterns(
        path("", include("dtti.web.accounts.urls")),
        path("", include("dtti.web.views.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "dtti.web.errors.bad_request"
handler403 = "dtti.web.errors.forbidden"
handler404 = "dtti.web.errors.not_found"
handler429 = "dtti.web.errors.too_many"  # asked for by allauth's rate limits
handler500 = "dtti.web.errors.broken"
