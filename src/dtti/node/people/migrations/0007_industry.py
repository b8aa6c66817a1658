"""Tables of the industry room: organisations, who signs in for them, what they sent and said later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dtti.node.folder.codes


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0006_days_away"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=dtti.node.folder.codes.new_code, max_length=16, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("is_a", models.CharField(max_length=12)),
                ("office", models.CharField(max_length=80)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="organisation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("is_a__in", ("company", "association"))), name="organisation_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Represents",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="node.organisation"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="represents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24, unique=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("form", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="node.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SaidLater",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("form", models.CharField(max_length=64, unique=True)),
                ("what", models.CharField(max_length=12)),
                ("content", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="said", to="node.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ("cleared", "consented", "answered", "withdrawn"))),
                        name="said_later_is_known",
                    )
                ],
            },
        ),
    ]
