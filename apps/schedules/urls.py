from django.urls import path

from apps.schedules import actions, editing, views, week

app_name = "schedules"
urlpatterns = [
    path("", views.schedules, name="list"),
    path("week/", week.page, name="week"),
    path("create/", actions.create, name="create"),
    path("preview/", views.preview, name="preview"),
    path("<str:schedule_id>/", views.detail, name="detail"),
    path("<str:schedule_id>/log/", views.log, name="log"),
    path("<str:schedule_id>/save/", actions.save, name="save"),
    path("<str:schedule_id>/enable/", actions.enable, name="enable"),
    path("<str:schedule_id>/disable/", actions.disable, name="disable"),
    path("<str:schedule_id>/run/", actions.run, name="run"),
    path("<str:schedule_id>/delete/", actions.delete, name="delete"),
    path("<str:schedule_id>/targets/add/", editing.add, name="add"),
    path("<str:schedule_id>/targets/<str:action_id>/", editing.target, name="target"),
    path("<str:schedule_id>/targets/<str:action_id>/remove/", editing.remove, name="remove"),
]
