# todo-backend: the backend of contract "openai" (seed 000).
# Made by: todoapp-operator dockerfile --contract openai --component backend
# Build:   docker build --build-arg VERSION=1.0.0 --tag todo-backend:1.0.0 .
# Run:     docker run --env-file secrets.env --publish 8000:8000 todo-backend:1.0.0
# Size:    200 MB at most beyond the base image
#
# Kubernetes sets these when the container starts; none of them belongs into ENV, ARG or a file here:
#   DATABASE_URL, OPENAI_API_KEY, BETTER_AUTH_SECRET
#
# - uv stays in the builder's system: "uv venv" puts no uv into the environment that it makes
# - the app is imported from src, where the seed copies it: PYTHONPATH says so
# - the health check asks by Python's own urllib: the seed's requests may not be installed

# 1. What builds; nothing of it runs.
FROM python:3.13-slim AS builder
RUN pip install --no-cache-dir uv
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY requirements.txt ./
RUN uv venv /app/.venv \
    && uv pip install --no-cache --python /app/.venv/bin/python --requirement requirements.txt

# 2. What runs: the base image, the dependencies, the app.
FROM python:3.13-slim AS runtime
RUN groupadd --gid 1000 appuser \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /app --shell /usr/sbin/nologin appuser
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app/src
COPY --from=builder /app/.venv /app/.venv
COPY --chown=1000:1000 src ./src

# A change of the version makes nothing above anew.
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="todo-backend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1000:1000
EXPOSE 8000
# Docker's own; Kubernetes has probes instead.
HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live')"]
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
