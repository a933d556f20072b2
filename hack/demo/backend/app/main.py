"""The entry `uvicorn app.main:app`: the environment is read here, once."""

import os
import sys

from app import logs
from app.application import create_app
from app.settings import ConfigurationError, Settings

try:
    settings = Settings.from_environment(os.environ)
except ConfigurationError as error:
    sys.exit(f"configuration: {error}")

# uvicorn has set up its own logging by now; this replaces it before the first line is written.
logs.configure(settings.log_level, settings.secrets)

app = create_app(settings)
