package io.github.lbkit.testkit.docker;

import io.github.lbkit.api.Scheduler;
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

/** What has happened in the engine, and those who listen. Thread-safe. */
final class EventLog {
    private static final int REMEMBERED = 256;
    private static final byte[] END = new byte[0];
    private static final byte[] CUT = new byte[0];

    private final Scheduler scheduler;
    private final EngineFaults faults;
    private final List<Map<String, Object>> remembered = new ArrayList<>();
    private final List<Listening> listening = new ArrayList<>();
    private long lastNanos;

    EventLog(Scheduler scheduler, EngineFaults faults) {
        this.scheduler = scheduler;
        this.faults = faults;
    }

    /** Tells that this has happened to something of this type. */
    synchronized void happened(String type, String action, String id, Map<String, String> attributes) {
        Instant now = scheduler.now();
        lastNanos = Math.max(lastNanos + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        Map<String, Object> event = new LinkedHashMap<>();
        if (type.equals("container")) {
            event.putAll(Json.object("status", action, "id", id, "from", attributes.getOrDefault("image", "")));
        }
        event.putAll(Json.object(
                "Type",
                type,
                "Action",
                action,
                "Actor",
                Json.object("ID", id, "Attributes", attributes),
                "scope",
                type.equals("service") || type.equals("node") ? "swarm" : "local",
                "time",
                lastNanos / 1_000_000_000L,
                "timeNano",
                lastNanos));
        int times = faults.tellings();
        if (times > 0) {
            remembered.add(event);
            if (remembered.size() > REMEMBERED) {
                remembered.remove(0);
            }
        }
        for (int i = 0; i < times; i++) {
            listening.forEach(one -> one.offer(event));
        }
    }

    /** A stream of the events that pass the filters, from {@code since} if it is given. */
    synchronized Reply.Stream listen(Request request) {
        Listening one = new Listening(new Filters(request.query("filters", "")));
        String since = request.query("since", "");
        if (!since.isEmpty()) {
            double from = Double.parseDouble(since);
            remembered.stream()
                    .filter(event -> Json.number(event, "timeNano", 0) >= from * 1e9)
                    .forEach(one::offer);
        }
        if (request.query().containsKey("until")) {
            one.lines.add(END);
        } else {
            listening.add(one);
        }
        return one;
    }

    /** How many streams are open. */
    synchronized int listening() {
        return listening.size();
    }

    /** Ends every stream, in the middle of its chunks or not. */
    synchronized void endStreams(boolean cut) {
        listening.forEach(one -> one.lines.add(cut ? CUT : END));
        listening.clear();
    }

    /** The engine has begun anew, and remembers nothing. */
    synchronized void forget() {
        remembered.clear();
    }

    private static Map<String, String> attributes(Map<String, Object> event) {
        return Json.strings(Json.map(event, "Actor", "Attributes"));
    }

    private final class Listening implements Reply.Stream {
        private final Filters filters;
        private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();

        Listening(Filters filters) {
            this.filters = filters;
        }

        void offer(Map<String, Object> event) {
            Map<String, String> attributes = attributes(event);
            String action = Json.text(event, "Action", "");
            String id = Json.text(Json.map(event, "Actor"), "ID", "");
            int colon = action.indexOf(':');
            String kind = colon < 0 ? action : action.substring(0, colon);
            boolean wanted = filters.any("type", Json.text(event, "Type", "")::equals)
                    && filters.any("event", asked -> asked.equals(kind) || asked.equals(action))
                    && filters.any("scope", Json.text(event, "scope", "")::equals)
                    && filters.any("container", asked -> id.startsWith(asked) || asked.equals(attributes.get("name")))
                    && filters.labels(attributes);
            if (wanted) {
                lines.add((Json.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void writeTo(Reply.ChunkedOutput out) throws IOException, InterruptedException {
            while (true) {
                byte[] line = lines.take();
                if (line == END) {
                    return;
                }
                if (line == CUT) {
                    throw new EOFException("the stream is cut, as the test wants it");
                }
                faults.passEvent();
                out.chunk(line);
            }
        }

        @Override
        public void close() {
            synchronized (EventLog.this) {
                listening.remove(this);
            }
        }
    }
}
