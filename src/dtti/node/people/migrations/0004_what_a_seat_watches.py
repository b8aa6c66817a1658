"""What a seat watches and when it looked; mail and calendar feeds."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0003_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Looked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reaches", models.JSONField(default=dict)),
                ("before", models.DateTimeField(null=True)),
                ("reached", models.JSONField(default=dict)),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="looked", to="node.seat"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("of", models.CharField(max_length=10)),
                ("body", models.CharField(blank=True, default="", max_length=80)),
                ("language", models.CharField(default="en", max_length=2)),
                ("made", models.DateTimeField(auto_now_add=True)),
                ("revoked", models.DateTimeField(null=True)),
                ("fetched", models.DateTimeField(null=True)),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feeds", to="node.seat"
                    ),
                ),
            ],
            options={
                "ordering": ["made", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ("mine", "body", "deadlines"))), name="feed_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("en", "hi"))), name="feed_language_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("sort", models.CharField(max_length=10)),
                ("address", models.CharField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("made", models.DateTimeField()),
                ("tried", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent", models.DateTimeField(null=True)),
                ("given_up", models.BooleanField(default=False)),
                ("answer", models.CharField(blank=True, default="", max_length=300)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letters", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["made", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up", False), ("sent", None)), fields=["made"], name="letter_waits"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", ("address", "digest", "due"))), name="letter_sort_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("language", models.CharField(default="en", max_length=2)),
                ("digest", models.BooleanField(default=True)),
                ("due", models.BooleanField(default=True)),
                ("code", models.CharField(blank=True, default="", max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("asked", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mailing", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("en", "hi"))), name="mailing_language_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), _negated=True), name="mailing_has_an_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "record",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z][a-z0-9_]{1,39}/[A-Z]{3}/[a-z2-7]{8,32}$")
                        ],
                    ),
                ),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watched", to="node.seat"
                    ),
                ),
            ],
            options={
                "ordering": ["since", "pk"],
                "constraints": [models.UniqueConstraint(fields=("seat", "record"), name="watched_once")],
            },
        ),
    ]
