package io.github.lbkit.http;

import io.github.lbkit.http.ClientUnderTest.Options;

/** The laws for the asynchronous client. */
class AsyncBalancedClientTest extends BalancedClientLaws {
    @Override
    ClientUnderTest client(BalancedHttpClient.Builder balanced, Options options) {
        return new AsyncClient(balanced, options);
    }
}
