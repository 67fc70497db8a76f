from django.urls import path

from apps.actors import (
    building,
    creating,
    listed,
    settings,
    source,
    source_files,
    starting,
    views,
)
from apps.actors import source_versions as versions

app_name = "actors"
urlpatterns = [
    path("", listed.actors, name="list"),
    path("create/", creating.create, name="create"),
    path("<str:actor_id>/", starting.page, name="detail"),
    path("<str:actor_id>/start/", starting.start, name="start"),
    path("<str:actor_id>/information/", views.information, name="information"),
    path("<str:actor_id>/runs/", views.runs, name="runs"),
    path("<str:actor_id>/runs/<str:run_id>/", views.run, name="run"),
    path("<str:actor_id>/builds/", building.builds, name="builds"),
    path("<str:actor_id>/build/", building.build, name="build"),
    path("<str:actor_id>/source/", source.page, name="source"),
    path("<str:actor_id>/source/beside/", source.beside, name="beside"),
    path("<str:actor_id>/source/save/", source_files.save, name="save_file"),
    path("<str:actor_id>/source/add/", source_files.add, name="add_file"),
    path("<str:actor_id>/source/rename/", source_files.rename, name="rename_file"),
    path("<str:actor_id>/source/remove/", source_files.remove, name="remove_file"),
    path("<str:actor_id>/source/upload/", source_files.upload, name="upload_files"),
    path("<str:actor_id>/source/setup/", versions.setup, name="setup"),
    path("<str:actor_id>/source/setup/save/", versions.save, name="save_setup"),
    path("<str:actor_id>/source/versions/add/", versions.add, name="add_version"),
    path("<str:actor_id>/source/versions/delete/", versions.delete, name="delete_version"),
    path("<str:actor_id>/source/variables/", versions.variables, name="variables"),
    path("<str:actor_id>/source/variables/set/", versions.set_variable, name="set_variable"),
    path(
        "<str:actor_id>/source/variables/delete/", versions.delete_variable, name="delete_variable"
    ),
    path("<str:actor_id>/monitoring/", views.watched, name="monitoring"),
    path("<str:actor_id>/integrations/", views.integrations, name="integrations"),
    path("<str:actor_id>/settings/", settings.page, name="settings"),
    path("<str:actor_id>/settings/save/", settings.save, name="save"),
    path("<str:actor_id>/publish/", settings.publish, name="publish"),
    path("<str:actor_id>/deprecate/", settings.deprecate, name="deprecate"),
    path("<str:actor_id>/delete/", settings.delete, name="delete"),
]
