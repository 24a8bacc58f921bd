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
 * A judge of one response, which decides as soon as the head, or enough of the body, has arrived. Confined to the
 * client's thread.
 */
final class ProbeResponse extends AbstractBinResponseConsumer<ProbeResult> {
    private static final int CHUNK = 4096;

    private final ProbeRequest request;
    private final String url;
    private final CompletableFuture<ProbeResult> result;
    private final Consumer<Exception> failed;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * Creates the judge of one response.
     *
     * @param failed receives the failure of an exchange without a response
     */
    ProbeResponse(ProbeRequest request, String url, CompletableFuture<ProbeResult> result, Consumer<Exception> failed) {
        this.request = request;
        this.url = url;
        this.result = result;
        this.failed = failed;
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType contentType) {
        int status = response.getCode();
        if (status < request.minStatus() || status > request.maxStatus()) {
            fail(url + " answered with status " + status + " instead of " + expected());
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
            throw new ConnectionClosedException("the rest of this body is not needed");
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
            fail(url + " answered with a body whose first " + body.size() + " bytes do not match '" + wanted + "'");
        }
    }

    @Override
    public void failed(Exception e) {
        failed.accept(e);
    }

    @Override
    public void releaseResources() {
        body.reset();
    }

    private void fail(String detail) {
        result.complete(ProbeResult.failed(detail));
    }
}
