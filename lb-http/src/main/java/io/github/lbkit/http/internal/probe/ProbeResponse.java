package io.github.lbkit.http.internal.probe;

import io.github.lbkit.api.health.ProbeResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Judges one response as soon as enough of it is there: by its head alone, or by the beginning of its body too. Confined to
 * the client's thread.
 */
final class ProbeResponse extends AbstractBinResponseConsumer<ProbeResult> {
    private static final int CHUNK = 4096;

    private final ProbeRequest request;
    private final String asked;
    private final CompletableFuture<ProbeResult> result;
    private final Consumer<Exception> lost;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * Creates the judge of one response.
     *
     * @param lost takes the failure of an exchange that has no response
     */
    ProbeResponse(ProbeRequest request, String asked, CompletableFuture<ProbeResult> result, Consumer<Exception> lost) {
        this.request = request;
        this.asked = asked;
        this.result = result;
        this.lost = lost;
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType contentType) {
        int status = response.getCode();
        if (status < request.minStatus() || status > request.maxStatus()) {
            fail(asked + " answered with status " + status + " instead of " + expected());
        } else if (request.body().isEmpty()) {
            result.complete(ProbeResult.PASSED);
        }
    }

    private String expected() {
        return request.minStatus() == request.maxStatus()
                ? String.valueOf(request.minStatus())
                : request.minStatus() + " to " + request.maxStatus();
    }

    @Override
    protected int capacityIncrement() {
        return CHUNK;
    }

    @Override
    protected void data(ByteBuffer bytes, boolean endOfStream) throws IOException {
        if (result.isDone()) {
            throw new ConnectionClosedException("nobody waits for the rest of this body");
        }
        byte[] taken = new byte[Math.min(bytes.remaining(), request.bodyLimit() - body.size())];
        bytes.get(taken);
        bytes.position(bytes.limit());
        body.write(taken, 0, taken.length);
        if (body.size() >= request.bodyLimit()) {
            judgeBody();
        }
    }

    @Override
    protected ProbeResult buildResult() {
        judgeBody();
        return ProbeResult.PASSED;
    }

    private void judgeBody() {
        Pattern wanted = request.body().orElse(null);
        if (wanted == null || result.isDone()) {
            return;
        }
        if (wanted.matcher(body.toString(StandardCharsets.UTF_8)).find()) {
            result.complete(ProbeResult.PASSED);
        } else {
            fail(asked + " answered with a body whose first " + body.size() + " bytes do not match '" + wanted + "'");
        }
    }

    @Override
    public void failed(Exception e) {
        lost.accept(e);
    }

    @Override
    public void releaseResources() {
        body.reset();
    }

    private void fail(String detail) {
        result.complete(ProbeResult.failed(detail));
    }
}
