"""Versions of drafts, the texts beside them, and what was typed before a session ended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OtherText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(blank=True, default="", max_length=32)),
                ("beside", models.BooleanField(default=False)),
                ("content", models.JSONField(default=dict)),
                ("particulars", models.JSONField(default=dict)),
                ("remarks", models.TextField(blank=True, default="")),
                ("kept", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-kept", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Typed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32, unique=True)),
                ("form", models.CharField(max_length=32)),
                ("back", models.CharField(max_length=2000)),
                ("sealed", models.BinaryField()),
                ("kept", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-kept"],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="form",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="draft",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="draftfile",
            name="digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                fields=("draft", "name", "digest"),
                name="draft_file_once",
            ),
        ),
        migrations.AddField(
            model_name="othertext",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="others", to="node.draft"
            ),
        ),
        migrations.AddField(
            model_name="othertext",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="typed",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="typed", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="typed",
            constraint=models.UniqueConstraint(fields=("person", "form"), name="typed_once_for_a_form"),
        ),
    ]
