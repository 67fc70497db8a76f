from django.urls import URLPattern

app_name = "key_value_stores"
urlpatterns: list[URLPattern] = []
