package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.internal.tls.material.Identity;
import io.github.lbkit.http.internal.tls.material.Trust;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of certificates that expire within 14 days or have expired, and of expired revocation lists: at the start, once
 * a day, and after a change. Confined to one thread.
 */
final class ExpiryLog {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryLog.class);
    private static final Duration AHEAD = Duration.ofDays(14);
    private static final Duration PERIOD = Duration.ofDays(1);

    private Optional<Instant> last = Optional.empty();

    /** Makes the next check warn at once. */
    void reset() {
        last = Optional.empty();
    }

    /** Warns if a day has passed since the last warnings. */
    void check(Instant now, Collection<Identity> identities, Optional<Trust> trust) {
        if (last.isPresent() && now.isBefore(last.get().plus(PERIOD))) {
            return;
        }
        last = Optional.of(now);
        identities.forEach(
                identity -> identity.chain().forEach(certificate -> check(now, identity.file(), certificate)));
        trust.ifPresent(all -> {
            all.authorities().forEach(authority -> check(now, "a trusted authority", authority));
            all.revocations().forEach(list -> check(now, list));
        });
    }

    private static void check(Instant now, String where, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant begin = certificate.getNotBefore().toInstant();
        if (now.isAfter(end)) {
            LOG.warn("{}: the certificate of {} expired at {}", where, certificate.getSubjectX500Principal(), end);
        } else if (!now.isBefore(end.minus(AHEAD))) {
            LOG.warn(
                    "{}: the certificate of {} expires at {}, in {} days",
                    where,
                    certificate.getSubjectX500Principal(),
                    end,
                    Duration.between(now, end).toDays());
        } else if (now.isBefore(begin)) {
            LOG.warn(
                    "{}: the certificate of {} is not valid before {}",
                    where,
                    certificate.getSubjectX500Principal(),
                    begin);
        }
    }

    private static void check(Instant now, X509CRL list) {
        if (list.getNextUpdate() != null && now.isAfter(list.getNextUpdate().toInstant())) {
            LOG.warn(
                    "the revocation list of {} expired at {}; peers with certificates of this authority are refused",
                    list.getIssuerX500Principal(),
                    list.getNextUpdate().toInstant());
        }
    }
}
