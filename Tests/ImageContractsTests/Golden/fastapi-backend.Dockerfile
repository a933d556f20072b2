# fastapi-backend: the backend of contract "fastapi" (seed 003).
# Made by: todoapp-operator dockerfile --contract fastapi --component backend
# Build:   docker build --build-arg VERSION=1.0.0 --tag fastapi-backend:1.0.0 .
# Run:     docker run --env-file secrets.env --publish 8000:8000 fastapi-backend:1.0.0
# Size:    300 MB at most
#
# - one worker in each pod: replicas do the scaling; --reload is for a developer's own machine
# - for another app: --app names module and variable, --source what is copied, --port and --health-path what it serves,
#   --user whom it runs as, --base another Python, --build-package a compiler where a wheel is missing
# - it stands on uv.lock: make it with "uv lock" and keep it beside pyproject.toml

# 1. What builds; nothing of it runs.
FROM python:3.13-slim AS builder
RUN pip install --no-cache-dir uv
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY pyproject.toml uv.lock ./
# The interpreter is the base image's, which the last stage has too.
ENV UV_PYTHON_DOWNLOADS=never
RUN uv sync --frozen --no-install-project --no-dev --no-cache

# 2. What runs: the base image, the dependencies, the app.
FROM python:3.13-slim AS final
RUN groupadd --gid 1000 appuser \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /app --shell /usr/sbin/nologin appuser
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=builder /app/.venv /app/.venv
COPY --chown=1000:1000 app ./app
COPY --chown=1000:1000 main.py ./

# A change of the version makes nothing above anew.
ARG VERSION=0.0.0
LABEL maintainer="Todo App Team" \
    version="${VERSION}" \
    org.opencontainers.image.title="fastapi-backend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1000:1000
EXPOSE 8000
# Docker's own; Kubernetes has probes instead.
HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000", "--workers", "1"]
