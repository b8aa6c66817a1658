"""Papers that are made by a command stand in the reading log too, under the account of the machine."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0004_what_a_seat_watches"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="account",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AlterField(
            model_name="reading",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", None)) ^ models.Q(("account", "")), name="reading_is_by_someone"
            ),
        ),
    ]
