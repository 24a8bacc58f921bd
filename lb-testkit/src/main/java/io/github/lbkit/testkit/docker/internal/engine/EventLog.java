package io.github.lbkit.testkit.docker.internal.engine;

import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.docker.internal.http.Faults;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import io.github.lbkit.testkit.docker.internal.http.Request;
import io.github.lbkit.testkit.docker.internal.http.Response;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The events of one engine, and the open streams that deliver them. Thread-safe. */
public final class EventLog {
    private static final int MAX_KEPT = 256;
    private static final byte[] END = new byte[0];
    private static final byte[] CUT = new byte[0];

    private final Scheduler scheduler;
    private final Faults faults;
    private final List<Map<String, Object>> kept = new ArrayList<>();
    private final List<EventStream> streams = new ArrayList<>();
    private long lastNanos;

    EventLog(Scheduler scheduler, Faults faults) {
        this.scheduler = scheduler;
        this.faults = faults;
    }

    /** Records an event and delivers it to the open streams. */
    public synchronized void record(String type, String action, String id, Map<String, String> attributes) {
        Instant now = scheduler.now();
        lastNanos = Math.max(lastNanos + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        Map<String, Object> event = new LinkedHashMap<>();
        if (type.equals("container")) {
            event.putAll(JsonValues.object("status", action, "id", id, "from", attributes.getOrDefault("image", "")));
        }
        event.putAll(JsonValues.object(
                "Type",
                type,
                "Action",
                action,
                "Actor",
                JsonValues.object("ID", id, "Attributes", attributes),
                "scope",
                type.equals("service") || type.equals("node") ? "swarm" : "local",
                "time",
                lastNanos / 1_000_000_000L,
                "timeNano",
                lastNanos));
        int copies = faults.takeEventCopies();
        if (copies > 0) {
            kept.add(event);
            if (kept.size() > MAX_KEPT) {
                kept.remove(0);
            }
        }
        for (int i = 0; i < copies; i++) {
            streams.forEach(stream -> stream.offer(event));
        }
    }

    /** Returns a stream of the events that pass the filters, from {@code since} if the request has it. */
    synchronized Response.Stream stream(Request request) {
        EventStream stream = new EventStream(new QueryFilters(request.query("filters", "")));
        String since = request.query("since", "");
        if (!since.isEmpty()) {
            double from = Double.parseDouble(since);
            kept.stream()
                    .filter(event -> JsonValues.number(event, "timeNano", 0) >= from * 1e9)
                    .forEach(stream::offer);
        }
        if (request.query().containsKey("until")) {
            stream.lines.add(END);
        } else {
            streams.add(stream);
        }
        return stream;
    }

    /** The number of open streams. */
    public synchronized int openStreams() {
        return streams.size();
    }

    /**
     * Ends every open stream.
     *
     * @param cut whether the streams end without their last chunk
     */
    public synchronized void endStreams(boolean cut) {
        streams.forEach(stream -> stream.lines.add(cut ? CUT : END));
        streams.clear();
    }

    /** Forgets all events, as a restart of the engine does. */
    public synchronized void clear() {
        kept.clear();
    }

    private static Map<String, String> attributes(Map<String, Object> event) {
        return JsonValues.strings(JsonValues.map(event, "Actor", "Attributes"));
    }

    private final class EventStream implements Response.Stream {
        private final QueryFilters filters;
        private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();

        EventStream(QueryFilters filters) {
            this.filters = filters;
        }

        void offer(Map<String, Object> event) {
            Map<String, String> attributes = attributes(event);
            String action = JsonValues.text(event, "Action", "");
            String id = JsonValues.text(JsonValues.map(event, "Actor"), "ID", "");
            int colon = action.indexOf(':');
            String kind = colon < 0 ? action : action.substring(0, colon);
            boolean passes = filters.any("type", JsonValues.text(event, "Type", "")::equals)
                    && filters.any("event", wanted -> wanted.equals(kind) || wanted.equals(action))
                    && filters.any("scope", JsonValues.text(event, "scope", "")::equals)
                    && filters.any(
                            "container", wanted -> id.startsWith(wanted) || wanted.equals(attributes.get("name")))
                    && filters.labels(attributes);
            if (passes) {
                lines.add((JsonValues.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void writeTo(Response.ChunkedOutput out) throws IOException, InterruptedException {
            while (true) {
                byte[] line = lines.take();
                if (line == END) {
                    return;
                }
                if (line == CUT) {
                    throw new EOFException("the stream was cut by a fault of the test");
                }
                faults.awaitEventAllowed();
                out.chunk(line);
            }
        }

        @Override
        public void close() {
            synchronized (EventLog.this) {
                streams.remove(this);
            }
        }
    }
}
