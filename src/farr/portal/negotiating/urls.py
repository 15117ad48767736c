"""Addresses of negotiations."""

from django.urls import path

from farr.portal.negotiating import views

urlpatterns = [
    path("negotiations/", views.negotiations, name="negotiations"),
    path("c/<name:level>/<code:organisation>/<name:kind>/<name:name>/negotiation/", views.negotiation_new, name="negotiation_new"),
    path("negotiations/<int:number>/", views.negotiation, name="negotiation"),
    path("negotiations/<int:number>/add/", views.negotiation_add, name="negotiation_add"),
]
