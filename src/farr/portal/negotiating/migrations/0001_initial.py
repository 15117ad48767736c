"""The tables as they were made first."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Negotiation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=63)),
                ("organisation", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=63)),
                ("name", models.CharField(max_length=63)),
                ("title", models.CharField(max_length=200)),
                ("finding", models.TextField()),
                ("made_at", models.CharField(max_length=40)),
                ("releases", models.JSONField(default=list)),
                ("agreement", models.CharField(max_length=63)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="negotiations", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "step",
                    models.CharField(choices=[("proposed", "Proposed"), ("agreed", "Agreed"), ("delivered", "Delivered")], max_length=20),
                ),
                ("on", models.DateField()),
                ("text", models.TextField(max_length=2000)),
                ("pounds", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "negotiation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="negotiating.negotiation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("negotiation", "number"), name="an_entry_is_written_once")],
            },
        ),
    ]
