"""Addresses of the audit."""

from django.urls import path

from farr.portal.trail import views

urlpatterns = [path("audit/", views.audit, name="audit")]
