package io.github.lbkit.http.connection;

import io.github.lbkit.http.fixture.OverTls;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@link TimeoutTest} with clients over TLS. */
@ExtendWith(OverTls.class)
class TimeoutOverTlsTest extends TimeoutTest {}
