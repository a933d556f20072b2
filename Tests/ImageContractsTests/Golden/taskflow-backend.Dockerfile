# taskflow-backend: the backend of contract "taskflow" (seed 002).
# Made by: todoapp-operator dockerfile --contract taskflow --component backend
# Build:   docker build --build-arg VERSION=1.0.0 --tag taskflow-backend:1.0.0 .
# Run:     docker run --env-file secrets.env --publish 8000:8000 taskflow-backend:1.0.0
# Size:    300 MB at most
#
# Kubernetes sets these when the container starts; none of them belongs into ENV, ARG or a file here:
#   DATABASE_URL, BETTER_AUTH_SECRET, OPENAI_API_KEY
#
# - the user is made with useradd: adduser -S, as the seed has it, is Alpine's

# 1. What builds; nothing of it runs.
FROM python:3.13-slim AS builder
# For dependencies that come as sources.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY requirements.txt ./
RUN pip install --no-cache-dir --user --requirement requirements.txt

# 2. What runs: the base image, the dependencies, the app.
FROM python:3.13-slim AS runner
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
LABEL org.opencontainers.image.title="taskflow-backend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1000:1000
EXPOSE 8000
# Docker's own; Kubernetes has probes instead.
HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
