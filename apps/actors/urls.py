from django.urls import path

from apps.actors import starting, views

app_name = "actors"
urlpatterns = [
    path("", views.actors, name="list"),
    path("<str:actor_id>/", starting.page, name="detail"),
    path("<str:actor_id>/start/", starting.start, name="start"),
    path("<str:actor_id>/information/", views.information, name="information"),
    path("<str:actor_id>/runs/", views.runs, name="runs"),
    path("<str:actor_id>/builds/", views.builds, name="builds"),
    path("<str:actor_id>/build/", views.build, name="build"),
    path("<str:actor_id>/source/", views.source, name="source"),
    path("<str:actor_id>/integrations/", views.integrations, name="integrations"),
    path("<str:actor_id>/settings/", views.settings, name="settings"),
]
