"""Addresses of the accounts."""

from django.urls import path

from farr.portal.people import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<int:number>/", views.person, name="person"),
    path("people/<int:number>/replace/", views.person_replace, name="person_replace"),
    path("people/<int:number>/active/", views.person_active, name="person_active"),
]
