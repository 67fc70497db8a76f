from django.urls import path

from apps.runs import actions, views

app_name = "runs"
urlpatterns = [
    path("", views.runs, name="list"),
    path("<str:run_id>/", views.run, name="detail"),
    path("<str:run_id>/output/", views.output, name="output"),
    path("<str:run_id>/log/", views.log, name="log"),
    path("<str:run_id>/input/", views.input_tab, name="input"),
    path("<str:run_id>/storage/", views.storage, name="storage"),
    path("<str:run_id>/abort/", actions.abort, name="abort"),
    path("<str:run_id>/resurrect/", actions.resurrect, name="resurrect"),
    path("<str:run_id>/delete/", actions.delete, name="delete"),
]
