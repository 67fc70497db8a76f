from django.urls import path

from apps.team import views

app_name = "team"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/token/", views.token, name="token"),
    path("sign-in/link/<str:secret>/", views.link, name="link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("workspaces/", views.switch, name="switch"),
]
