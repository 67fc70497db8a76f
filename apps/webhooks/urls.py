from django.urls import path

from apps.webhooks import actions, dispatches, of_run, views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhooks, name="list"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("dispatches/", dispatches.everything, name="all_dispatches"),
    path("dispatches/<str:dispatch_id>/", dispatches.detail, name="dispatch"),
    path("dispatches/<str:dispatch_id>/send-again/", actions.send_again, name="send_again"),
    path("runs/<str:run_id>/", of_run.of_run, name="of_run"),
    path("<str:webhook_id>/", views.webhook, name="detail"),
    path("<str:webhook_id>/dispatches/", dispatches.of_webhook, name="dispatches"),
    path("<str:webhook_id>/test/", actions.test, name="test"),
    path("<str:webhook_id>/delete/", actions.delete, name="delete"),
]
