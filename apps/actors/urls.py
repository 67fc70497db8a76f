from django.urls import path

from apps.actors import creating, settings, starting, views

app_name = "actors"
urlpatterns = [
    path("", views.actors, name="list"),
    path("create/", creating.create, name="create"),
    path("<str:actor_id>/", starting.page, name="detail"),
    path("<str:actor_id>/start/", starting.start, name="start"),
    path("<str:actor_id>/information/", views.information, name="information"),
    path("<str:actor_id>/runs/", views.runs, name="runs"),
    path("<str:actor_id>/builds/", views.builds, name="builds"),
    path("<str:actor_id>/build/", views.build, name="build"),
    path("<str:actor_id>/source/", views.source, name="source"),
    path("<str:actor_id>/integrations/", views.integrations, name="integrations"),
    path("<str:actor_id>/settings/", settings.page, name="settings"),
    path("<str:actor_id>/settings/save/", settings.save, name="save"),
    path("<str:actor_id>/publish/", settings.publish, name="publish"),
    path("<str:actor_id>/deprecate/", settings.deprecate, name="deprecate"),
    path("<str:actor_id>/delete/", settings.delete, name="delete"),
]
