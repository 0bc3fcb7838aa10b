"""Django-Bolt, as its guide writes it: a Django project with one BoltAPI, run by `runbolt` in one process."""

import os
import sys
from pathlib import Path

DATA = Path(os.environ["BENCH_DATA"])

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "django_bolt_server"
    from django.core.management import execute_from_command_line

    arguments = ["runbolt", "--no-admin", "--host", "127.0.0.1", "--port", os.environ["PORT"], "--processes", "1"]
    sys.exit(execute_from_command_line([sys.argv[0], *arguments]))

# This module is the settings of the project as well.
DEBUG = False
SECRET_KEY = "only for a benchmark on the loopback interface"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "django_bolt_server"
INSTALLED_APPS = ["django_bolt"]
USE_TZ = True
BOLT_API = ["django_bolt_api:api"]
BOLT_COMPRESSION = None
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "places.db"}}
LOGGING_CONFIG = None
urlpatterns: list[object] = []
