from django.urls import path

from apps.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.operations, name="list"),
    path("bell/", views.bell, name="bell"),
    path("seen/", views.seen, name="seen"),
    path("<int:intent_id>/", views.detail, name="detail"),
    path("<int:intent_id>/dismiss/", views.dismiss, name="dismiss"),
]
