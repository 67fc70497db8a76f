from django.urls import path

from apps.operations import telling, views

app_name = "operations"
urlpatterns = [
    path("", views.operations, name="list"),
    path("bell/", views.bell, name="bell"),
    path("seen/", views.seen, name="seen"),
    path("tell/<str:kind>/<str:object_id>/", telling.tell, name="tell"),
    path("<int:intent_id>/", views.detail, name="detail"),
    path("<int:intent_id>/dismiss/", views.dismiss, name="dismiss"),
]
