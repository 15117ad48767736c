"""The tables as they were made first."""

import django.db.models.deletion
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
            name="AccessRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreement", models.CharField(max_length=63)),
                ("purpose", models.CharField(max_length=200)),
                ("level", models.CharField(max_length=63)),
                ("organisation", models.CharField(max_length=40)),
                ("why", models.TextField(max_length=2000)),
                ("until", models.DateField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="requests", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "request",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="ending", to="agreements.accessrequest"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "as_whom",
                    models.CharField(
                        choices=[("guardian", "Caldicott Guardian"), ("risk-owner", "senior information risk owner")], max_length=20
                    ),
                ),
                ("outcome", models.CharField(choices=[("approved", "Approved"), ("refused", "Refused")], max_length=20)),
                ("reason", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "request",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="agreements.accessrequest"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "as_whom"), name="each_decides_once"),
                    models.UniqueConstraint(fields=("request", "by"), name="two_people_decide"),
                ],
            },
        ),
    ]
