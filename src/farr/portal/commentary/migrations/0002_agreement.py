"""Under which agreement an edition was published; and the words of an outcome, which are those of the agreements' own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commentary", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="edition", name="an_edition_is_kept_once"),
        migrations.AddField(model_name="edition", name="agreement", field=models.CharField(default="", max_length=63)),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("agreement", "level", "organisation", "norm", "made_at"), name="an_edition_is_kept_once"
            ),
        ),
        migrations.AlterField(
            model_name="commentarydecision",
            name="outcome",
            field=models.CharField(choices=[("approved", "Approved"), ("refused", "Refused")], max_length=20),
        ),
    ]
