from django.urls import path

from apps.builds import views

app_name = "builds"
urlpatterns = [
    path("", views.builds, name="list"),
    path("<str:build_id>/", views.build, name="detail"),
    path("<str:build_id>/abort/", views.abort, name="abort"),
    path("<str:build_id>/delete/", views.delete, name="delete"),
]
