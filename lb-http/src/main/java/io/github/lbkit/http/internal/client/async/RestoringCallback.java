package io.github.lbkit.http.internal.client.async;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback that restores the caller's configuration in the context before it calls the caller. Confined to one thread
 * at a time.
 */
record RestoringCallback(
        AsyncExecCallback callback,
        HttpClientContext context,
        @Nullable RequestConfig callersConfig) implements AsyncExecCallback {
    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails entity)
            throws HttpException, IOException {
        context.setRequestConfig(callersConfig);
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
        context.setRequestConfig(callersConfig);
        callback.failed(cause);
    }
}
