"""Files that are brought in, and what was said of their columns."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dtti.node.folder.codes


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0002_drafts_have_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.CharField(max_length=80)),
                ("head", models.CharField(max_length=64)),
                ("settled", models.JSONField(default=dict)),
                ("updated", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-updated"],
                "constraints": [models.UniqueConstraint(fields=("office", "head"), name="columns_known_once")],
            },
        ),
        migrations.CreateModel(
            name="Brought",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=dtti.node.folder.codes.new_code, max_length=16, unique=True)),
                ("office", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("data", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("settled", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=list)),
                ("kept", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-kept"],
                "constraints": [models.UniqueConstraint(fields=("office", "digest"), name="brought_once")],
            },
        ),
    ]
