# todo-backend: the backend of contract "cohere" (seed 004).
# Made by: todoapp-operator dockerfile --contract cohere --component backend
# Build:   docker build --build-arg VERSION=1.0.0 --tag todo-backend:1.0.0 .
# Run:     docker run --env-file secrets.env --publish 8000:8000 todo-backend:1.0.0
#
# Kubernetes sets these when the container starts; none of them belongs into ENV, ARG or a file here:
#   DATABASE_URL, COHERE_API_KEY, JWT_SECRET
#
# - the seed's image runs as root, from /root/.local; this one has a user, and the packages lie in its folder
# - the health check asks by Python: slim images have no curl, so the seed's own check never succeeds

# 1. What builds; nothing of it runs.
FROM python:3.11-slim AS builder
# For dependencies that come as sources.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY requirements.txt ./
RUN pip install --no-cache-dir --user --requirement requirements.txt

# 2. What runs: the base image, the dependencies, the app.
FROM python:3.11-slim AS runtime
RUN groupadd --gid 1000 appuser \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /home/appuser --shell /usr/sbin/nologin appuser
WORKDIR /app
ENV PATH=/home/appuser/.local/bin:$PATH \
    PYTHONUSERBASE=/home/appuser/.local \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=builder /root/.local /home/appuser/.local
COPY --chown=1000:1000 app ./app
COPY --chown=1000:1000 main.py ./

# A change of the version makes nothing above anew.
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="todo-backend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1000:1000
EXPOSE 8000
# Docker's own; Kubernetes has probes instead.
HEALTHCHECK --interval=30s --timeout=10s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
