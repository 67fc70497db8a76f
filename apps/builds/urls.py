from django.urls import path

from apps.builds import actions, tags, views

app_name = "builds"
urlpatterns = [
    path("", views.builds, name="list"),
    path("<str:build_id>/", views.build, name="detail"),
    path("<str:build_id>/abort/", actions.abort, name="abort"),
    path("<str:build_id>/delete/", actions.delete, name="delete"),
    path("<str:build_id>/tags/add/", tags.add, name="add_tag"),
    path("<str:build_id>/tags/remove/", tags.remove, name="remove_tag"),
]
