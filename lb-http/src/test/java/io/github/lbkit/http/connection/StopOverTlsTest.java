package io.github.lbkit.http.connection;

import io.github.lbkit.http.fixture.OverTls;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@link StopTest} with clients over TLS. */
@ExtendWith(OverTls.class)
class StopOverTlsTest extends StopTest {
    @Disabled("a client that was not accepted has no TLS, and so cannot have sent its request")
    @Test
    @Override
    void a_connection_that_waits_to_be_accepted_when_the_stop_begins_is_served() {}
}
