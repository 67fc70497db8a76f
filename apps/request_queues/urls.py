from django.urls import URLPattern

app_name = "request_queues"
urlpatterns: list[URLPattern] = []
