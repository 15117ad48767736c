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
            name="Commentary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=63)),
                ("organisation", models.CharField(max_length=40)),
                ("measure", models.CharField(max_length=63)),
                ("query", models.TextField(blank=True)),
                ("agreement", models.CharField(max_length=63)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="commentaries", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=63)),
                ("organisation", models.CharField(max_length=40)),
                ("norm", models.CharField(max_length=63)),
                ("made_at", models.CharField(max_length=40)),
                ("verdicts", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("level", "organisation", "norm", "made_at"), name="an_edition_is_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="commentary.edition")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="told", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(max_length=10000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_at", models.CharField(max_length=40)),
                ("releases", models.JSONField(default=list)),
                ("figures", models.JSONField(default=dict)),
                ("typed", models.JSONField(default=list)),
                ("page", models.BinaryField()),
                ("page_sha256", models.CharField(max_length=64)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "commentary",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="commentary.commentary"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommentaryDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(choices=[("approved", "Approve"), ("refused", "Refuse")], max_length=20)),
                ("reason", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "version",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="commentary.version"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("level", models.CharField(max_length=63)),
                ("organisation", models.CharField(max_length=40)),
                ("measure", models.CharField(blank=True, max_length=63)),
                ("query", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="a_name_is_used_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("commentary", "number"), name="a_version_is_written_once"),
        ),
    ]
