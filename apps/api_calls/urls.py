from django.urls import path

from apps.api_calls import views

app_name = "api_calls"
urlpatterns = [path("", views.panel, name="panel")]
