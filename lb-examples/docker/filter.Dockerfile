# A filter in front of the engine's socket: HAProxy with one of the two configurations beside this file.
ARG FILTER_BASE=haproxy:3.0-alpine
FROM ${FILTER_BASE}
ARG CONFIG=pool.cfg
COPY ${CONFIG} /etc/lbkit-filter.cfg
USER 0:0
ENTRYPOINT ["haproxy", "-f", "/etc/lbkit-filter.cfg"]
