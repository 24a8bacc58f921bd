#!/bin/sh
# The filter's first process: runs HAProxy, and ends it at once, with status 0, on SIGTERM. HAProxy itself cannot: it leaves
# SIGTERM to the kernel, which ignores it for the first process of a container; its soft stop waits for streams of events,
# which never end. $1: the configuration.
haproxy=
trap 'kill -KILL $haproxy; exit 0' TERM INT
haproxy -f "$1" &
haproxy=$!
wait $haproxy
