package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.internal.tls.material.Contents;
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
import org.jspecify.annotations.Nullable;

/**
 * The engines of a listener, with the newest certificates of its files. Changed authorities or revocation lists replace
 * all contexts, which ends all sessions; a changed certificate replaces only its own. Thread-safe.
 */
public final class WatchedListenerEngines implements ListenerEngines, AutoCloseable {
    private final ListenerTls settings;
    private final List<WatchedFiles<Identity>> identities = new ArrayList<>();
    private final Optional<WatchedFiles<Trust>> trust;
    private final ExpiryLog expiry = new ExpiryLog();
    private final Scheduler scheduler;
    private final FileWatch watch;

    /** The state in use. Written by the scheduler's thread after the start, read by the threads that make engines. */
    private volatile State state;

    private record State(CertificateIndex index, SSLParameters parameters, Optional<Trust> trust) {}

    private WatchedListenerEngines(ListenerTls settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
        for (TlsCertificate certificate : settings.certificates()) {
            identities.add(WatchedFiles.open(
                    "TLS certificate", Identities.files(certificate), read -> Identities.read(certificate, read)));
        }
        trust = settings.clientAuthorities().map(this::openTrust);
        CertificateIndex index = index(null, currentTrust());
        state = new State(index, parameters(index), currentTrust());
        List<WatchedFiles<?>> all = new ArrayList<>(identities);
        trust.ifPresent(all::add);
        watch = new FileWatch(scheduler, settings.reloadInterval(), all, this::changed, this::logExpiry);
    }

    private WatchedFiles<Trust> openTrust(Path authorities) {
        Optional<Path> revocations = settings.clientRevocations();
        return WatchedFiles.open(
                "TLS client authorities",
                Trust.files(authorities, revocations),
                (Contents read) -> Trust.read(authorities, revocations, read));
    }

    /**
     * Reads the files and begins to watch them.
     *
     * @param scheduler the thread that watches; {@link #close} closes it
     * @throws IllegalArgumentException if a file cannot be read or is wrong; the message names the file, and the
     *     scheduler is closed
     */
    public static WatchedListenerEngines open(ListenerTls settings, Scheduler scheduler) {
        try {
            WatchedListenerEngines engines = new WatchedListenerEngines(settings, scheduler);
            engines.logExpiry();
            engines.watch.start();
            return engines;
        } catch (RuntimeException e) {
            scheduler.close();
            throw e;
        }
    }

    @Override
    public SSLEngine engine(@Nullable String serverName) {
        State current = state;
        SSLEngine engine = current.index().context(serverName).createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(current.parameters());
        return engine;
    }

    /** Reads the files now, on the watching thread. Does not wait for it. */
    public void reload() {
        watch.checkNow();
    }

    @Override
    public void close() {
        watch.close();
    }

    private Optional<Trust> currentTrust() {
        return trust.map(WatchedFiles::value);
    }

    private void changed() {
        State old = state;
        Optional<Trust> newTrust = currentTrust();
        CertificateIndex index = index(newTrust.equals(old.trust()) ? old.index() : null, newTrust);
        state = new State(index, old.parameters(), newTrust);
        expiry.reset();
    }

    private void logExpiry() {
        expiry.check(scheduler.now(), currentIdentities(), state.trust());
    }

    private List<Identity> currentIdentities() {
        return identities.stream().map(WatchedFiles::value).toList();
    }

    private CertificateIndex index(@Nullable CertificateIndex kept, Optional<Trust> current) {
        TrustManager[] managers = current.map(Trust::managers).orElseGet(() -> new TrustManager[0]);
        return CertificateIndex.of(currentIdentities(), kept, byKeyType -> context(byKeyType, managers));
    }

    private SSLContext context(Map<String, Identity> byKeyType, TrustManager[] managers) {
        SSLContext context = Contexts.of(byKeyType, managers);
        context.getServerSessionContext()
                .setSessionTimeout(Math.toIntExact(settings.sessionLifetime().toSeconds()));
        return context;
    }

    private SSLParameters parameters(CertificateIndex index) {
        SSLEngine sample = index.context(null).createSSLEngine();
        sample.setUseClientMode(false);
        SSLParameters parameters = sample.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(settings.applicationProtocols().toArray(String[]::new));
        switch (settings.clientAuth()) {
            case NONE -> parameters.setWantClientAuth(false);
            case WANT -> parameters.setWantClientAuth(true);
            case NEED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }
}
