"""Messages that survive one redirect, in a signed cookie of this node's own name. Knows nothing of what they say."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class NodeMessages(CookieStorage):
    """Two nodes of a demonstration share a host name, and so would share a cookie of the usual name."""

    cookie_name = f"{settings.SESSION_COOKIE_NAME}_said"
