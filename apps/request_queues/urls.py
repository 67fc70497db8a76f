from django.urls import path

from apps.request_queues import views

app_name = "request_queues"
urlpatterns = [
    path("", views.queues, name="list"),
    path("create/", views.create, name="create"),
    path("<str:queue_id>/", views.queue, name="detail"),
    path("<str:queue_id>/requests/<str:request_id>/", views.queued, name="request"),
    path("<str:queue_id>/rename/", views.rename, name="rename"),
    path("<str:queue_id>/delete/", views.delete, name="delete"),
]
