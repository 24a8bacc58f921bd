package io.github.lbkit.examples.dashboard;

import io.github.lbkit.http.BodyStream;
import java.util.ArrayList;
import java.util.List;

/** The pages that listen, at most so many. Thread-safe. */
final class EventStreams {
    private final int most;

    /** Guarded by this. */
    private final List<BodyStream> open = new ArrayList<>();

    EventStreams(int most) {
        this.most = most;
    }

    /** Takes a stream in; false if there are as many as there may be. */
    synchronized boolean add(BodyStream stream) {
        open.removeIf(one -> !one.isOpen());
        return open.size() < most && open.add(stream);
    }

    /** Those that are open. */
    synchronized List<BodyStream> open() {
        open.removeIf(one -> !one.isOpen());
        return List.copyOf(open);
    }
}
