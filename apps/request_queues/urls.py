from django.urls import path

from apps.request_queues import editing, views

app_name = "request_queues"
urlpatterns = [
    path("", views.queues, name="list"),
    path("create/", views.create, name="create"),
    path("<str:queue_id>/", views.queue, name="detail"),
    path("<str:queue_id>/requests/<str:request_id>/", views.queued, name="request"),
    path("<str:queue_id>/requests/<str:request_id>/edit/", editing.edit, name="edit"),
    path("<str:queue_id>/requests/<str:request_id>/delete/", editing.delete_one, name="delete_one"),
    path("<str:queue_id>/requests/<str:request_id>/unlock/", editing.unlock_one, name="unlock_one"),
    path("<str:queue_id>/add/", editing.add, name="add"),
    path("<str:queue_id>/delete-selected/", editing.delete_selected, name="delete_selected"),
    path("<str:queue_id>/unlock/", editing.unlock, name="unlock"),
    path("<str:queue_id>/access/", views.access, name="access"),
    path("<str:queue_id>/rename/", views.rename, name="rename"),
    path("<str:queue_id>/delete/", views.delete, name="delete"),
]
