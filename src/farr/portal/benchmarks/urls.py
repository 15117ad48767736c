"""Addresses of the benchmark pages."""

from django.urls import path, register_converter

from farr.portal.benchmarks import views


class NameConverter:
    """A name of the lab's: a level, a measure, a chart."""

    regex = "[a-z][a-z0-9_]{0,62}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(NameConverter):
    """An organisation's code."""

    regex = r"[A-Za-z0-9_.\- ]{1,40}"


register_converter(NameConverter, "name")
register_converter(CodeConverter, "code")

urlpatterns = [
    path("", views.home, name="home"),
    path("measures/", views.definitions, name="definitions"),
    path("o/<name:level>/<code:organisation>/", views.overview, name="overview"),
    path("o/<name:level>/<code:organisation>/<name:measure>/", views.measure, name="measure"),
    path("o/<name:level>/<code:organisation>/<name:measure>/rows/", views.rows, name="rows"),
    path("o/<name:level>/<code:organisation>/<name:measure>/table.<str:kind>", views.table, name="table"),
    path("o/<name:level>/<code:organisation>/<name:measure>/chart/<name:name>.<str:kind>", views.chart, name="chart"),
]
