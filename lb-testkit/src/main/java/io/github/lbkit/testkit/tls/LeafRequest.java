package io.github.lbkit.testkit.tls;

import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** The request for a certificate of a server or client: on P-256 and valid from 2020 to 2099 by default. Immutable. */
public final class LeafRequest {
    private static final Instant EXPIRED = Instant.parse("2021-01-01T00:00:00Z");

    private final TestAuthority authority;
    private final List<String> names;
    private final boolean rsa;
    private final Instant begin;
    private final Instant end;

    LeafRequest(TestAuthority authority, List<String> names) {
        this(authority, names, false, TestAuthority.BEGIN, TestAuthority.END);
    }

    private LeafRequest(TestAuthority authority, List<String> names, boolean rsa, Instant begin, Instant end) {
        this.authority = authority;
        this.names = names;
        this.rsa = rsa;
        this.begin = begin;
        this.end = end;
    }

    /** Returns this request with an RSA key of 2048 bits. */
    public LeafRequest rsa() {
        return new LeafRequest(authority, names, true, begin, end);
    }

    /** Returns this request with an end in 2021. */
    public LeafRequest expired() {
        return valid(TestAuthority.BEGIN, EXPIRED);
    }

    /** Returns this request with these limits of validity. */
    public LeafRequest valid(Instant from, Instant until) {
        return new LeafRequest(authority, names, rsa, from, until);
    }

    /** Returns a certificate as requested, with a new key. */
    public TestCertificate issue() {
        X500Principal name = new X500Principal("CN=" + (names.isEmpty() ? "nameless" : names.get(0)));
        return authority.issue(name, rsa, begin, end, Extensions.ofLeaf(names));
    }
}
