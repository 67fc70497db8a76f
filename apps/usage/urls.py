from django.urls import path

from apps.usage import limits, views

app_name = "usage"
urlpatterns = [
    path("usage/", views.usage, name="usage"),
    path("limits/", limits.page, name="limits"),
]
