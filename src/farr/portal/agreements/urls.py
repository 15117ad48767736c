"""Addresses of the register and of access."""

from django.urls import path

from farr.portal.agreements import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("purpose/", views.purpose, name="purpose"),
    path("access/", views.access, name="access"),
    path("access/ask/", views.ask, name="access_ask"),
    path("access/<int:number>/", views.access_request, name="access_request"),
    path("access/<int:number>/end/", views.access_end, name="access_end"),
]
