package io.github.lbkit.http.connection;

import io.github.lbkit.http.fixture.OverTls;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@link HalfCloseTest} with clients over TLS. */
@ExtendWith(OverTls.class)
class HalfCloseOverTlsTest extends HalfCloseTest {}
