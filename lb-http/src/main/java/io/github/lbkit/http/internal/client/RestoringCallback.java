package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.jspecify.annotations.Nullable;

/** A callback that gets its context back with the caller's own configuration. Confined to one thread at a time. */
record RestoringCallback(
        AsyncExecCallback callback,
        HttpClientContext context,
        @Nullable RequestConfig callers) implements AsyncExecCallback {
    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails entity)
            throws HttpException, IOException {
        context.setRequestConfig(callers);
        return callback.handleResponse(response, entity);
    }

    @Override
    public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
        callback.handleInformationResponse(response);
    }

    @Override
    public void completed() {
        callback.completed();
    }

    @Override
    public void failed(Exception cause) {
        context.setRequestConfig(callers);
        callback.failed(cause);
    }
}
