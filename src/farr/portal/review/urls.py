"""Addresses of the review."""

from django.urls import path

from farr.portal.review import views

urlpatterns = [
    path("review/", views.outputs, name="review"),
    path("review/submit/", views.submit, name="review_submit"),
    path("review/<int:number>/", views.output, name="output"),
    path("review/<int:number>/vote/", views.output_vote, name="output_vote"),
    path("review/<int:number>/comment/", views.output_comment, name="output_comment"),
    path("review/<int:number>/withdraw/", views.output_withdraw, name="output_withdraw"),
    path("review/<int:number>/file.zip", views.output_file, name="output_file"),
]
