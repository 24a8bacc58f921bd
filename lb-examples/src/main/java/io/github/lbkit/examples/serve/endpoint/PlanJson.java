package io.github.lbkit.examples.serve.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.api.explain.Plan;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The JSON of a plan. Stateless. */
public final class PlanJson {
    private PlanJson() {}

    /** Writes the field {@code plan}. */
    public static void write(JsonGenerator json, Plan plan) throws IOException {
        json.writeObjectFieldStart("plan");
        json.writeNumberField("movedShare", plan.movedShare());
        json.writeArrayFieldStart("moves");
        for (Plan.Move move : plan.moves()) {
            json.writeStartObject();
            json.writeStringField("from", move.from());
            json.writeStringField("to", move.to());
            json.writeNumberField("share", move.share());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeShares(json, "before", plan.before());
        writeShares(json, "after", plan.after());
        json.writeEndObject();
    }

    private static void writeShares(JsonGenerator json, String name, Map<String, Double> shares) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Double> share : new TreeMap<>(shares).entrySet()) {
            json.writeNumberField(share.getKey(), share.getValue());
        }
        json.writeEndObject();
    }
}
