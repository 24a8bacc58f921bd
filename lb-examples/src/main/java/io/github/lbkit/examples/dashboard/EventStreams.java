package io.github.lbkit.examples.dashboard;

import io.github.lbkit.http.BodyStream;
import java.util.ArrayList;
import java.util.List;

/** The open event streams, with a maximum number. Thread-safe. */
final class EventStreams {
    private final int max;

    /** The open streams; guarded by this object's monitor. */
    private final List<BodyStream> open = new ArrayList<>();

    EventStreams(int max) {
        this.max = max;
    }

    /** Adds a stream; returns false if the maximum is reached. */
    synchronized boolean add(BodyStream stream) {
        open.removeIf(one -> !one.isOpen());
        return open.size() < max && open.add(stream);
    }

    /** Returns the open streams. */
    synchronized List<BodyStream> open() {
        open.removeIf(one -> !one.isOpen());
        return List.copyOf(open);
    }
}
