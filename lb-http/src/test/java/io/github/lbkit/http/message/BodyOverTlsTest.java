package io.github.lbkit.http.message;

import io.github.lbkit.http.fixture.OverTls;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@link BodyTest} with clients over TLS. */
@ExtendWith(OverTls.class)
class BodyOverTlsTest extends BodyTest {
    /** Encrypts fewer bytes than the tests without TLS, as the code is not compiled yet. */
    @Override
    int blocks() {
        return 64;
    }
}
