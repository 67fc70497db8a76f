from django.urls import path

from apps.runs import actions, again, bulk, changing, compare, listed, neighbours, usual, views

app_name = "runs"
urlpatterns = [
    path("", listed.runs, name="list"),
    path("compare/", compare.compare, name="compare"),
    path("start/", again.start_selected, name="start_selected"),
    path("abort/", bulk.abort_selected, name="abort_selected"),
    path("resurrect/", bulk.resurrect_selected, name="resurrect_selected"),
    path("delete/", bulk.delete_selected, name="delete_selected"),
    path("<str:run_id>/", views.run, name="detail"),
    path("<str:run_id>/output/", views.output, name="output"),
    path("<str:run_id>/log/", views.log, name="log"),
    path("<str:run_id>/input/", views.input_tab, name="input"),
    path("<str:run_id>/storage/", views.storage, name="storage"),
    path("<str:run_id>/integrations/", views.integrations, name="integrations"),
    path("<str:run_id>/abort/", actions.abort, name="abort"),
    path("<str:run_id>/resurrect/", actions.resurrect, name="resurrect"),
    path("<str:run_id>/resurrect/options/", changing.resurrect_with, name="resurrect_with"),
    path("<str:run_id>/reboot/", actions.reboot, name="reboot"),
    path("<str:run_id>/metamorph/", changing.metamorph, name="metamorph"),
    path("<str:run_id>/usual/", usual.usual, name="usual"),
    path("<str:run_id>/previous/", neighbours.previous, name="previous"),
    path("<str:run_id>/next/", neighbours.following, name="next"),
    path("<str:run_id>/access/", actions.access, name="access"),
    path("<str:run_id>/delete/", actions.delete, name="delete"),
]
