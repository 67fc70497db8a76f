from django.urls import path

from apps.account import views

app_name = "account"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("password/", views.password, name="password"),
    path("workspace/", views.workspace, name="workspace"),
]
