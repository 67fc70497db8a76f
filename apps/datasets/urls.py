from django.urls import path

from apps.datasets import views

app_name = "datasets"
urlpatterns = [
    path("", views.datasets, name="list"),
    path("<str:dataset_id>/", views.dataset, name="detail"),
    path("<str:dataset_id>/export", views.export, name="export"),
    path("<str:dataset_id>/export/address/", views.address, name="address"),
    path("<str:dataset_id>/rename/", views.rename, name="rename"),
    path("<str:dataset_id>/delete/", views.delete, name="delete"),
]
