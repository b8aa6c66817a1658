"""The tables of models.py. One migration until the first release: a fresh installation replays no history."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dtti.node.folder.codes


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]{0,59}$", "A user name is small letters, digits, dots and dashes."
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("full_name", models.CharField(max_length=120, verbose_name="full name")),
                ("fictitious", models.BooleanField(default=False)),
                ("account", models.CharField(default=dtti.node.folder.codes.new_code, max_length=16, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                ("joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["full_name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("full_name", ""), _negated=True), name="person_has_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80)),
                ("duty", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("code", models.CharField(blank=True, default="", max_length=16)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["since", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80)),
                ("credential", models.CharField(max_length=1400, unique=True)),
                ("public", models.CharField(max_length=130, unique=True)),
                ("host", models.CharField(max_length=120)),
                ("asked", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("office__startswith", "office/")), name="passkey_is_of_an_office"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.CharField(blank=True, default="", max_length=80)),
                ("path", models.CharField(max_length=400)),
                ("act", models.CharField(max_length=10)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="node.seat"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80)),
                (
                    "record",
                    models.CharField(
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z][a-z0-9_]{1,39}/[A-Z]{3}/[a-z2-7]{8,32}$")
                        ],
                    ),
                ),
                ("purpose", models.CharField(max_length=10)),
                ("base", models.PositiveIntegerField(default=0)),
                ("content", models.JSONField(default=dict)),
                ("particulars", models.JSONField(default=dict)),
                ("remarks", models.TextField(blank=True, default="")),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("writers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-updated"],
                "constraints": [
                    models.UniqueConstraint(fields=("office", "record", "purpose"), name="draft_one_for_each_purpose"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ("propose", "counter", "state", "paper"))),
                        name="draft_purpose_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("office__startswith", "office/")), name="draft_is_of_an_office"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("media", models.CharField(max_length=160)),
                ("size", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="node.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Authorship",
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
                ("act", models.CharField(blank=True, default="", max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="written", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "act"], name="authorship_of_act")],
            },
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("person", "office", "duty"), name="seat_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="seat_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("office__startswith", "office/")), name="seat_is_in_an_office"
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["record", "at"], name="reading_of_record"),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["person", "at"], name="reading_by_person"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ("read", "export"))), name="reading_act_is_known"
            ),
        ),
    ]
