"""Addresses of the contracting pages."""

from django.urls import path

from farr.portal.contracting import views

_ONE = "c/<name:level>/<code:organisation>/<name:kind>/<name:name>/"

urlpatterns = [
    path("c/<name:level>/<code:organisation>/", views.statements, name="statements"),
    path(_ONE, views.statement, name="statement"),
    path(f"{_ONE}table.<str:suffix>", views.table, name="statement_table"),
    path(f"{_ONE}chart/<name:chart>.<str:suffix>", views.chart, name="statement_chart"),
]
