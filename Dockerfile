# syntax=docker/dockerfile:1

# Compile with the development dependencies.
FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
ARG REVISION=""
ENV REVISION=${REVISION}
RUN npm run build

# What runs: the runtime dependencies only.
FROM node:24-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

# No shell, no package manager, not root (uid 65532).
FROM gcr.io/distroless/nodejs24-debian13:nonroot
LABEL org.opencontainers.image.title="kafka-ha-exporter" \
      org.opencontainers.image.description="Prometheus exporter for Apache Kafka that stays right while the cluster is broken" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json ./package.json
COPY --from=build /app/dist ./dist
USER 65532:65532
EXPOSE 10308
# Asks the process whether it lives, not whether Kafka does: an exporter restarted in the outage has forgotten what it saw.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["/nodejs/bin/node", "/app/dist/healthcheck.js"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.js"]
