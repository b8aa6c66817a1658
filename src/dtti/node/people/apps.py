"""The Django application `node`: accounts, seats, drafts, the reading log. Holds no rule and connects no signal."""

from django.apps import AppConfig


class NodeAppConfig(AppConfig):
    """What Django needs to know of this package."""

    name = "dtti.node.people"
    label = "node"
    verbose_name = "office system"
    default_auto_field = "django.db.models.BigAutoField"
