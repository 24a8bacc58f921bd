package io.github.lbkit.http.client;

import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.client.TestClient.Options;

/** The contract of balanced clients, for the asynchronous client. */
class AsyncBalancedClientTest extends BalancedClientContract {
    @Override
    TestClient client(BalancedHttpClient.Builder balanced, Options options) {
        return new AsyncTestClient(balanced, options);
    }
}
