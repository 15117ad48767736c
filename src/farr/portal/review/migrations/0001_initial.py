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
            name="Output",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "a file of somebody's own"), ("held", "an answer that the lab holds")], max_length=20
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("why", models.TextField(max_length=2000)),
                ("agreement", models.CharField(max_length=63)),
                ("purpose", models.CharField(max_length=200)),
                ("folder", models.CharField(blank=True, max_length=36)),
                ("file_name", models.CharField(blank=True, max_length=100)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("held", models.JSONField(default=list)),
                ("asked", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="outputs", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("output", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="review.output")),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "output",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="review.output"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("outcome", models.CharField(choices=[("approve", "Approve"), ("refuse", "Refuse")], max_length=20)),
                ("reason", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("output", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="review.output")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("output", "by"), name="a_checker_votes_once"),
                    models.UniqueConstraint(fields=("output", "place"), name="a_place_is_taken_once"),
                    models.CheckConstraint(condition=models.Q(("place__in", range(1, 4))), name="three_votes_at_most"),
                ],
            },
        ),
    ]
