package io.github.lbkit.examples.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.examples.condition.ServerCondition;
import io.github.lbkit.examples.secret.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** The JSON of the state that the page shows, one object without line breaks. Stateless. */
final class StateJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int EVENTS = 40;

    private StateJson() {}

    static byte[] write(LoadBalancer balancer, Sampler sampler, Timeline timeline, int samples, Secrets secrets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            writePool(json, balancer);
            List<Sampler.Sample> newest = sampler.samples(samples);
            double unserved =
                    newest.isEmpty() ? 0 : newest.get(newest.size() - 1).unservedPerSecond();
            writeVerdict(json, PoolVerdict.of(sampler.servers(), unserved), secrets);
            writeSamples(json, newest);
            json.writeArrayFieldStart("servers");
            for (ServerView server : sampler.servers()) {
                writeServer(json, server, secrets);
            }
            json.writeEndArray();
            writeTimeline(json, timeline, secrets);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writePool(JsonGenerator json, LoadBalancer balancer) throws IOException {
        json.writeStringField("pool", balancer.pool().name());
        json.writeStringField("policy", balancer.policy().name());
        json.writeNumberField("version", balancer.membership().version());
        json.writeStringField(
                "fingerprint", String.format("%016x", balancer.membership().fingerprint()));
        json.writeNumberField("ageMillis", balancer.pool().age().toMillis());
        boolean managed = balancer.pool() instanceof ManagedServerPool;
        json.writeBooleanField("managed", managed);
        if (balancer.pool() instanceof ManagedServerPool pool) {
            json.writeNumberField("maxServers", pool.maxServers());
        }
    }

    private static void writeVerdict(JsonGenerator json, PoolVerdict verdict, Secrets secrets) throws IOException {
        json.writeObjectFieldStart("verdict");
        json.writeStringField("level", verdict.level().name().toLowerCase(Locale.ROOT));
        json.writeStringField("headline", verdict.headline());
        json.writeArrayFieldStart("details");
        for (String detail : verdict.details()) {
            json.writeString(secrets.hide(detail));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeSamples(JsonGenerator json, List<Sampler.Sample> samples) throws IOException {
        json.writeArrayFieldStart("samples");
        for (Sampler.Sample sample : samples) {
            json.writeStartArray();
            json.writeNumber(sample.number());
            json.writeNumber(rounded(sample.requestsPerSecond()));
            json.writeNumber(rounded(sample.failedPerSecond()));
            json.writeNumber(rounded(sample.unservedPerSecond()));
            json.writeNumber(sample.p50Nanos() / 1_000);
            json.writeNumber(sample.p99Nanos() / 1_000);
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** Writes a server as an array, which is smaller than an object; {@code live.js} has the same order. */
    private static void writeServer(JsonGenerator json, ServerView view, Secrets secrets) throws IOException {
        Server server = view.status().server();
        json.writeStartArray();
        json.writeString(server.id());
        json.writeString(word(view.condition()));
        json.writeNumber(server.weight());
        json.writeNumber(share(view.share()));
        json.writeNumber(share(view.expected()));
        json.writeNumber(share(view.measured()));
        json.writeNumber(rounded(view.perSecond()));
        json.writeNumber(rounded(view.failedPerSecond()));
        json.writeNumber(view.status().inFlight());
        json.writeNumber(view.status().latencyNanos() / 1_000);
        json.writeNumber(view.ejections());
        json.writeString(server.instance().map(i -> i.name()).orElse(""));
        json.writeString(server.instance().map(i -> i.address().place()).orElse(""));
        json.writeNumber(server.instance().map(i -> i.generation()).orElse(0L));
        ServerHealth health = view.status().health();
        json.writeString(health.ejected().map(Traffic::text).orElse(""));
        json.writeNumber(health.ejectedFor().toMillis());
        json.writeString(secrets.hide(health.unhealthy().orElse("")));
        json.writeEndArray();
    }

    /** Returns the word of the page for a condition. */
    private static String word(ServerCondition.Kind condition) {
        return switch (condition) {
            case FIT -> "ready";
            case OVERRIDDEN -> "held";
            default -> condition.text();
        };
    }

    private static void writeTimeline(JsonGenerator json, Timeline timeline, Secrets secrets) throws IOException {
        json.writeArrayFieldStart("events");
        for (Timeline.Entry entry : timeline.newest(EVENTS)) {
            json.writeStartArray();
            json.writeNumber(entry.number());
            json.writeNumber(entry.at().toEpochMilli());
            json.writeString(entry.kind().name().toLowerCase(Locale.ROOT));
            json.writeString(entry.server());
            json.writeString(secrets.hide(entry.text()));
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static double share(double value) {
        return Math.round(value * 100_000) / 100_000.0;
    }
}
