from django.urls import path

from apps.team import members, views

app_name = "team"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/token/", views.token, name="token"),
    path("sign-in/link/<str:secret>/", views.link, name="link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("team/", members.members, name="members"),
    path("team/add/", members.add, name="add"),
    path("team/<int:user_id>/role/", members.set_member_role, name="set_member_role"),
    path("team/<int:user_id>/link/", members.new_link, name="new_link"),
    path("team/<int:user_id>/remove/", members.remove, name="remove"),
    path("workspaces/", views.switch, name="switch"),
]
