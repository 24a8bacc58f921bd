# A filter in front of the engine's socket: HAProxy with one of the two configurations beside this file. The directory of the
# socket is mounted as /engine, not the socket: an engine that is started again makes another one.
ARG FILTER_BASE=haproxy:3.0-alpine
FROM ${FILTER_BASE}
ARG CONFIG=pool.cfg
COPY ${CONFIG} /etc/lbkit-filter.cfg
COPY filter.sh /filter.sh
USER 0:0
ENV ENGINE_SOCKET=/engine/docker.sock
STOPSIGNAL SIGTERM
ENTRYPOINT ["/bin/sh", "/filter.sh", "/etc/lbkit-filter.cfg"]
CMD []
