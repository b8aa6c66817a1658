"""Days on which somebody of an office cannot meet, beside the plan of a meeting."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from dtti.node.people.desk_models import RECORD


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0005_papers_by_command"),
    ]

    operations = [
        migrations.CreateModel(
            name="DaysAway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80)),
                ("record", models.CharField(max_length=80, validators=[django.core.validators.RegexValidator(RECORD)])),
                ("kept", models.JSONField(default=list)),
                ("brought", models.JSONField(default=dict)),
                ("until", models.DateField(null=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("office", "record"), name="away_once_for_a_meeting"),
                    models.CheckConstraint(
                        condition=models.Q(("office__startswith", "office/")), name="away_is_of_an_office"
                    ),
                ],
            },
        ),
    ]
