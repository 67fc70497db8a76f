from django.urls import path

from apps.datasets import columns, compare, views

app_name = "datasets"
urlpatterns = [
    path("", views.datasets, name="list"),
    path("create/", views.create, name="create"),
    path("<str:dataset_id>/", views.dataset, name="detail"),
    path("<str:dataset_id>/compare/", compare.compare, name="compare"),
    path("<str:dataset_id>/columns/", columns.columns, name="columns"),
    path("<str:dataset_id>/export", views.export, name="export"),
    path("<str:dataset_id>/export/address/", views.address, name="address"),
    path("<str:dataset_id>/share/", views.share, name="share"),
    path("<str:dataset_id>/access/", views.access, name="access"),
    path("<str:dataset_id>/rename/", views.rename, name="rename"),
    path("<str:dataset_id>/delete/", views.delete, name="delete"),
]
