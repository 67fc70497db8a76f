"""The Console's own addresses and the styleguide, which they hold in debug only."""

from django.urls import path

from console.ui.styleguide import styleguide
from console.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [*urlpatterns, path("styleguide/", styleguide, name="styleguide")]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
