package io.github.lbkit.http.message;

import io.github.lbkit.http.fixture.OverTls;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@link RefusalTest} with clients over TLS. */
@ExtendWith(OverTls.class)
class RefusalOverTlsTest extends RefusalTest {}
