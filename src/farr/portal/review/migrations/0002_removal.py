"""When the file of a refused or withdrawn output was removed."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "output",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="removal", to="review.output"),
                ),
            ],
        ),
    ]
