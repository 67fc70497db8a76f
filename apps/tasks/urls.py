from django.urls import path

from apps.tasks import actions, creating, editing, listed, views

app_name = "tasks"
urlpatterns = [
    path("", listed.tasks, name="list"),
    path("create/", creating.create, name="create"),
    path("start/", actions.start_selected, name="start_selected"),
    path("delete/", actions.delete_selected, name="delete_selected"),
    path("<str:task_id>/", editing.page, name="detail"),
    path("<str:task_id>/edit/", editing.edit, name="edit"),
    path("<str:task_id>/save/", editing.save, name="save"),
    path("<str:task_id>/runs/", views.runs, name="runs"),
    path("<str:task_id>/monitoring/", views.watched, name="monitoring"),
    path("<str:task_id>/integrations/", views.integrations, name="integrations"),
    path("<str:task_id>/settings/", views.settings, name="settings"),
    path("<str:task_id>/settings/save/", views.save_settings, name="save_settings"),
    path("<str:task_id>/delete/", actions.delete, name="delete"),
]
