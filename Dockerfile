# The operator's image. Build: docker build --tag todoapp-operator:VERSION .   (amd64 and arm64: --platform)
ARG SWIFT_IMAGE=swift:6.3.1-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libcurl4-openssl-dev libssl-dev libyaml-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
# Where the sources lie: `hack/operator-image check` builds a second image elsewhere, which must be the same.
ARG SOURCE=/source
WORKDIR ${SOURCE}
# Dependencies before sources: a change of the operator's code fetches and resolves nothing anew.
# Tests, examples and benchmarks stay outside.
ENV SOURCES_ALONE=1
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
ARG VERSION=0.0.0
ARG REVISION=unknown
# The path of the sources must not reach the binary, or two builds in two folders would differ: not by debugging marks, not by
# the compiler's digests of its own command lines, and not by the linker's digest of those.
RUN TODOAPP_VERSION=${VERSION} TODOAPP_REVISION=${REVISION} \
    swift build -c release --static-swift-stdlib --product todoapp-operator \
        -Xswiftc -file-prefix-map -Xswiftc ${SOURCE}=. -Xcc -ffile-prefix-map=${SOURCE}=. \
    && install -D --mode=0755 .build/release/todoapp-operator /out/usr/local/bin/todoapp-operator \
    && strip --strip-all --remove-section=.swift_modhash --remove-section=.note.gnu.build-id /out/usr/local/bin/todoapp-operator \
    && install -D --mode=0644 Package.resolved /out/usr/local/share/doc/todoapp-operator/Package.resolved

FROM ${RUNTIME_IMAGE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libcurl4 libssl3 libyaml-0-2 zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
COPY --from=build /out/ /
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="todoapp-operator" \
    org.opencontainers.image.description="Runs TodoApps on Kubernetes as their contracts say" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.licenses="Apache-2.0"
# A number: Kubernetes cannot tell from a name that the user is not root.
USER 65532:65532
# Nothing is written to the file system: it can be read-only.
WORKDIR /
EXPOSE 8081 8443
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/todoapp-operator", "probe"]
ENTRYPOINT ["/usr/local/bin/todoapp-operator"]
CMD ["run"]
