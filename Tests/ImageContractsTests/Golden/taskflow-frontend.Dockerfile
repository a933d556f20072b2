# taskflow-frontend: the frontend of contract "taskflow" (seed 002).
# Made by: todoapp-operator dockerfile --contract taskflow --component frontend
# Build:   docker build --build-arg VERSION=1.0.0 --tag taskflow-frontend:1.0.0 .
# Run:     docker run --publish 3000:3000 taskflow-frontend:1.0.0
# Size:    200 MB at most
#
# - Next.js needs output: "standalone" in next.config.js; any other app that leaves its server.js in .next/standalone will do

# 1. What builds; nothing of it runs.
FROM node:20-alpine AS builder
WORKDIR /app
# Dependencies before sources: a change of the sources installs nothing anew.
COPY package*.json ./
RUN npm ci
COPY . .
# What Next.js leaves beside its standalone output belongs to it.
RUN npm run build \
    && mkdir -p public .next/static .next/standalone/.next \
    && cp -R public .next/standalone/ \
    && cp -R .next/static .next/standalone/.next/

# 2. What runs: the base image, the dependencies, the app.
FROM node:20-alpine AS runner
RUN addgroup -S -g 1001 nextjs \
    && adduser -S -D -H -h /app -u 1001 -G nextjs nextjs
WORKDIR /app
ENV NODE_ENV=production \
    PORT=3000 \
    HOSTNAME=0.0.0.0
COPY --from=builder --chown=1001:1001 /app/.next/standalone ./

# A change of the version makes nothing above anew.
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="taskflow-frontend" \
    org.opencontainers.image.version="${VERSION}"
# Numbers: Kubernetes cannot tell from a name that the user is not root.
USER 1001:1001
EXPOSE 3000
# A list, not a text: SIGTERM reaches the app and not a shell.
CMD ["node", "server.js"]
