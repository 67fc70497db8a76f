from django.conf import settings
from django.urls import path

from apps.home import views
from console.ui.styleguide import styleguide

urlpatterns = [
    path("", views.home, name="home"),
    path("meters/", views.meters, name="meters"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
