from django.urls import path

from apps.key_value_stores import editing, views

app_name = "key_value_stores"
urlpatterns = [
    path("", views.stores, name="list"),
    path("create/", views.create, name="create"),
    path("<str:store_id>/", views.store, name="detail"),
    path("<str:store_id>/records/<str:key>/", views.record, name="record"),
    path("<str:store_id>/records/<str:key>/raw", views.raw, name="raw"),
    path("<str:store_id>/records/<str:key>/edit/", editing.edit, name="edit"),
    path("<str:store_id>/records/<str:key>/delete/", editing.delete, name="delete_record"),
    path("<str:store_id>/delete-selected/", editing.delete_selected, name="delete_selected"),
    path("<str:store_id>/add/", editing.add, name="add"),
    path("<str:store_id>/archive", views.archive, name="archive"),
    path("<str:store_id>/share/", views.share, name="share"),
    path("<str:store_id>/access/", views.access, name="access"),
    path("<str:store_id>/rename/", views.rename, name="rename"),
    path("<str:store_id>/delete/", views.delete, name="delete"),
]
