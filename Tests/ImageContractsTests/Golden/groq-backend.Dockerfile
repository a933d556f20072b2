# todo-backend: the backend of contract "groq" (seed 001).
# Made by: todoapp-operator dockerfile --contract groq --component backend
# Build:   docker build --build-arg VERSION=1.0.0 --tag todo-backend:1.0.0 .
# Run:     docker run --env-file secrets.env --publish 8001:8001 todo-backend:1.0.0
# Size:    300 MB at most
#
# Kubernetes sets these when the container starts; none of them belongs into ENV, ARG or a file here:
#   DATABASE_URL, BETTER_AUTH_SECRET, GROQ_API_KEY
#
# - a dependency without a wheel for musl needs a compiler in the builder: apk add --no-cache gcc musl-dev

# 1. What builds; nothing of it runs.
FROM python:3.13-alpine AS builder
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY requirements.txt ./
# pip itself stays outside the environment.
RUN python -m venv --without-pip /app/.venv \
    && pip --python /app/.venv/bin/python install --no-cache-dir --requirement requirements.txt

# 2. What runs: the base image, the dependencies, the app.
FROM python:3.13-alpine AS runtime
RUN addgroup -S -g 1001 appuser \
    && adduser -S -D -H -h /app -u 1001 -G appuser appuser
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=builder /app/.venv /app/.venv
COPY --chown=1001:1001 app ./app
COPY --chown=1001:1001 main.py ./

# A change of the version makes nothing above anew.
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="todo-backend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1001:1001
EXPOSE 8001
# Docker's own; Kubernetes has probes instead.
HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/health')"]
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8001"]
