package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.internal.tls.material.Identities;
import io.github.lbkit.http.internal.tls.material.Identity;
import io.github.lbkit.http.internal.tls.material.Trust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines towards servers, with the newest authorities and client certificate of their files. A change replaces the
 * context, which ends all sessions. Thread-safe.
 */
public final class WatchedServerEngines implements ServerEngines, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedServerEngines.class);

    private final ServerTls settings;
    private final Optional<WatchedFiles<Identity>> identity;
    private final Optional<WatchedFiles<Trust>> trust;
    private final ExpiryLog expiry = new ExpiryLog();
    private final Scheduler scheduler;
    private final FileWatch watch;

    /** The context in use. Written by the scheduler's thread after the start, read by the threads that make engines. */
    private volatile SSLContext context;

    private WatchedServerEngines(ServerTls settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
        identity = settings.certificate().map(WatchedServerEngines::openIdentity);
        trust = settings.authorities().map(WatchedServerEngines::openTrust);
        context = newContext();
        List<WatchedFiles<?>> all = new ArrayList<>();
        identity.ifPresent(all::add);
        trust.ifPresent(all::add);
        watch = new FileWatch(scheduler, settings.reloadInterval(), all, this::changed, this::logExpiry);
    }

    private static WatchedFiles<Identity> openIdentity(TlsCertificate certificate) {
        return WatchedFiles.open(
                "TLS certificate towards servers",
                Identities.files(certificate),
                read -> Identities.read(certificate, read));
    }

    private static WatchedFiles<Trust> openTrust(Path authorities) {
        return WatchedFiles.open(
                "TLS authorities of servers",
                Trust.files(authorities, Optional.empty()),
                read -> Trust.read(authorities, Optional.empty(), read));
    }

    /**
     * Reads the files and begins to watch them. Logs a warning if the settings are insecure.
     *
     * @param scheduler the thread that watches; {@link #close} closes it
     * @throws IllegalArgumentException if a file cannot be read or is wrong; the message names the file, and the
     *     scheduler is closed
     */
    public static WatchedServerEngines open(ServerTls settings, Scheduler scheduler) {
        try {
            WatchedServerEngines engines = new WatchedServerEngines(settings, scheduler);
            if (settings.insecure()) {
                LOG.warn("the certificates of servers are not verified: anyone on the way to a server can read and"
                        + " change what is sent to it");
            }
            engines.logExpiry();
            engines.watch.start();
            return engines;
        } catch (RuntimeException e) {
            scheduler.close();
            throw e;
        }
    }

    @Override
    public SSLEngine engine(Address address) {
        CertificateName name = CertificateName.of(address);
        SSLEngine engine = context.createSSLEngine(name.host(), address.port());
        prepare(engine, name);
        return engine;
    }

    @Override
    public SSLContext context() {
        return context;
    }

    @Override
    public void prepare(SSLEngine engine, Address address) {
        prepare(engine, CertificateName.of(address));
    }

    private void prepare(SSLEngine engine, CertificateName name) {
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(name.indication());
        parameters.setEndpointIdentificationAlgorithm(settings.insecure() ? null : "HTTPS");
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        engine.setSSLParameters(parameters);
    }

    /** Reads the files now, on the watching thread. Does not wait for it. */
    public void reload() {
        watch.checkNow();
    }

    @Override
    public void close() {
        watch.close();
    }

    private void changed() {
        context = newContext();
        expiry.reset();
    }

    private void logExpiry() {
        List<Identity> identities = identity.map(WatchedFiles::value).stream().toList();
        expiry.check(scheduler.now(), identities, trust.map(WatchedFiles::value));
    }

    private SSLContext newContext() {
        Map<String, Identity> identities = identity.map(WatchedFiles::value)
                .map(each -> Map.of(each.keyType(), each))
                .orElse(Map.of());
        TrustManager[] managers = settings.insecure()
                ? new TrustManager[] {new AcceptAll()}
                : trust.map(WatchedFiles::value).map(Trust::managers).orElse(null);
        return Contexts.of(identities, managers);
    }
}
