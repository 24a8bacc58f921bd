package io.github.lbkit.examples.analysis.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lbkit.examples.analysis.result.AnalysisResults;
import io.github.lbkit.examples.analysis.result.AnalysisSettings;
import io.github.lbkit.examples.analysis.result.Distribution;
import io.github.lbkit.examples.analysis.result.DistributionRun;
import io.github.lbkit.examples.analysis.result.EndpointCheck;
import io.github.lbkit.examples.analysis.result.PolicyStudy;
import io.github.lbkit.examples.analysis.result.Recovery;
import io.github.lbkit.examples.analysis.result.ResilienceResult;
import io.github.lbkit.examples.load.LoadResult;
import io.github.lbkit.examples.secret.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The JSON of the results, for programs. Confined to one use. */
final class ResultsJson {
    private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);

    private final JsonGenerator json;

    private ResultsJson(JsonGenerator json) {
        this.json = json;
    }

    /** Returns the results as indented JSON. */
    static byte[] of(AnalysisResults results) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
            new ResultsJson(json).write(results);
        }
        return bytes.toByteArray();
    }

    private void write(AnalysisResults results) throws IOException {
        json.writeStartObject();
        json.writeStringField("finished", results.finished().toString());
        json.writeNumberField("seconds", results.seconds());
        json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
        settings(results.settings());
        json.writeArrayFieldStart("verdicts");
        for (TaskVerdict verdict : TaskVerdict.of(results)) {
            json.writeStartObject();
            json.writeStringField("task", verdict.task());
            json.writeStringField("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
            json.writeStringField("text", verdict.text());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeFieldName("usual");
        study(results.main());
        resilience(results.resilience());
        json.writeArrayFieldStart("others");
        for (PolicyStudy other : results.others()) {
            study(other);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void settings(AnalysisSettings settings) throws IOException {
        json.writeObjectFieldStart("settings");
        json.writeNumberField("requests", settings.requests());
        json.writeNumberField("connections", settings.connections());
        json.writeNumberField("perSecond", settings.perSecond());
        json.writeNumberField("seed", settings.seed());
        if (settings.url().isPresent()) {
            json.writeStringField("url", Secrets.masked(settings.url().get()));
        } else {
            json.writeStringField("pool", Secrets.masked(settings.pool()));
        }
        json.writeEndObject();
    }

    private void study(PolicyStudy study) throws IOException {
        json.writeStartObject();
        json.writeStringField("policy", study.label());
        json.writeFieldName("first");
        run(study.first());
        json.writeArrayFieldStart("growth");
        for (DistributionRun run : study.growth()) {
            run(run);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("warnings");
        for (String warning : study.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
        if (study.skipped().isPresent()) {
            json.writeStringField("skipped", study.skipped().get());
        }
        json.writeEndObject();
    }

    private void run(DistributionRun run) throws IOException {
        Distribution d = run.distribution();
        json.writeStartObject();
        json.writeArrayFieldStart("servers");
        for (int i = 0; i < d.servers().size(); i++) {
            json.writeStartObject();
            json.writeStringField("id", d.servers().get(i));
            json.writeNumberField("expectedShare", d.shares().get(i));
            json.writeNumberField("requests", d.counts().get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("mean", d.mean());
        json.writeNumberField("min", d.min());
        json.writeNumberField("max", d.max());
        json.writeNumberField("deviation", d.deviation());
        json.writeNumberField("maxOverMean", d.imbalance());
        json.writeObjectFieldStart("chiSquare");
        if (Double.isFinite(d.fit().statistic())) {
            json.writeNumberField("statistic", d.fit().statistic());
        }
        json.writeNumberField("degrees", d.fit().degrees());
        json.writeNumberField("p", d.fit().p());
        json.writeEndObject();
        load(run.load());
        json.writeEndObject();
    }

    private void load(LoadResult load) throws IOException {
        json.writeObjectFieldStart("load");
        json.writeNumberField("planned", load.planned());
        json.writeNumberField("succeeded", load.succeeded());
        json.writeNumberField("failed", load.failed());
        json.writeNumberField("unfinished", load.unfinished());
        json.writeNumberField("unnamed", load.unnamed());
        json.writeNumberField("seconds", load.elapsed().toNanos() / 1e9);
        json.writeNumberField("perSecond", load.perSecond());
        counts("statuses", load.statuses());
        counts("failures", load.failures());
        json.writeObjectFieldStart("latencyMillis");
        for (double percentile : PERCENTILES) {
            json.writeNumberField("p" + percentile, load.millisAt(percentile));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void counts(String name, Map<?, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<?, Long> count : counts.entrySet()) {
            json.writeNumberField(String.valueOf(count.getKey()), count.getValue());
        }
        json.writeEndObject();
    }

    private void resilience(ResilienceResult resilience) throws IOException {
        json.writeObjectFieldStart("endurance");
        json.writeArrayFieldStart("endpoints");
        for (EndpointCheck check : resilience.checks()) {
            json.writeStartObject();
            json.writeStringField("request", check.request());
            json.writeStringField("expected", check.expected());
            json.writeStringField("got", check.actual());
            json.writeBooleanField("passed", check.passed());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (resilience.skipped().isPresent()) {
            json.writeStringField("skipped", resilience.skipped().get());
        }
        if (resilience.recovery().isPresent()) {
            recovery(resilience.recovery().get());
        }
        json.writeEndObject();
    }

    private void recovery(Recovery r) throws IOException {
        json.writeObjectFieldStart("kill");
        json.writeStringField("server", r.killed());
        json.writeStringField("how", r.how());
        json.writeNumberField("atSeconds", r.killedAt());
        millis("detectedAfterMillis", r.millisTo(r.detectedAt()));
        millis("launchedAfterMillis", r.millisTo(r.launchedAt()));
        millis("replacedAfterMillis", r.millisTo(r.replacedAt()));
        millis("servedAfterMillis", r.millisTo(r.servedAt()));
        json.writeNumberField("perSecond", r.perSecond());
        json.writeNumberField("furtherRequests", r.further());
        json.writeNumberField("failed", r.failures());
        load(r.load());
        json.writeEndObject();
    }

    private void millis(String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsDouble());
        } else {
            json.writeNullField(name);
        }
    }
}
