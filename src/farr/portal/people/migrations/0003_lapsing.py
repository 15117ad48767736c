"""Until when a first password opens anything, and whether a password was found among breached ones."""

from datetime import timedelta
from typing import Any

from django.db import migrations, models
from django.utils import timezone

from farr.portal.settings import FARR


def lapse(apps: Any, editor: Any) -> None:
    """First passwords of before lapse too, counted from the upgrade."""
    until = timezone.now() + timedelta(days=FARR.first_password_days)
    apps.get_model("people", "User").objects.filter(first_password=True).update(first_password_until=until)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_first_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_password_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="breached_password",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(lapse, migrations.RunPython.noop),
    ]
