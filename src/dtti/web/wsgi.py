"""The WSGI application of the node that DTTI_NODE names: ``gunicorn -c python:dtti.web.gunicorn dtti.web.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dtti.node.people.settings")

application = get_wsgi_application()
