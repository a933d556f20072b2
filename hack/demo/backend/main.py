"""The entry of seed 002, `uvicorn main:app`.

Its only health path is /health, which must answer 503 where the database cannot be reached. The other contracts have a
path of their own for that, enter by `app.main:app`, and keep /health for the process alone.
"""

from app.application import create_app
from app.main import settings

app = create_app(settings, health_asks_database=True)
