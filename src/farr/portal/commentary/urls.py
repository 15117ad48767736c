"""Addresses of commentary and saved views."""

from django.urls import path

from farr.portal.commentary import saved, views

urlpatterns = [
    path("commentary/", views.commentaries, name="commentaries"),
    path("o/<name:level>/<code:organisation>/<name:measure>/commentary/", views.commentary_new, name="commentary_new"),
    path("commentary/<int:number>/", views.commentary, name="commentary"),
    path("commentary/<int:number>/write/", views.commentary_write, name="commentary_write"),
    path("commentary/<int:number>/<int:version>/", views.commentary, name="commentary_version"),
    path("commentary/<int:number>/<int:version>/decide/", views.commentary_decide, name="commentary_decide"),
    path("commentary/<int:number>/<int:version>/pack.<str:kind>", views.commentary_pack, name="commentary_pack"),
    path("views/", saved.saved_views, name="saved_views"),
    path("views/save/", saved.view_save, name="view_save"),
    path("views/<int:number>/delete/", saved.view_delete, name="view_delete"),
]
