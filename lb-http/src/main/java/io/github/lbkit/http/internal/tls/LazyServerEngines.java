package io.github.lbkit.http.internal.tls;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.ServerTls;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Engines towards servers that are made at the first use, because reading the authorities of the JDK takes time that
 * a proxy without such servers does not need. Settings that name files or are insecure are opened at once, so that the
 * start meets their faults. Thread-safe.
 */
public final class LazyServerEngines implements ServerEngines, AutoCloseable {
    private final ServerTls settings;
    private final String name;

    /** The engines; null before the first use. Written under the monitor, read by any thread. */
    private volatile @Nullable WatchedServerEngines opened;

    private boolean closed;

    /**
     * Creates the engines.
     *
     * @param name the prefix of the names of threads
     * @throws IllegalArgumentException if a file of the settings cannot be read or is wrong
     */
    public LazyServerEngines(ServerTls settings, String name) {
        this.settings = settings;
        this.name = name;
        if (settings.insecure()
                || settings.authorities().isPresent()
                || settings.certificate().isPresent()) {
            open();
        }
    }

    /** Makes the engines now, if there are none. */
    public WatchedServerEngines open() {
        WatchedServerEngines current = opened;
        return current == null ? openOnce() : current;
    }

    private synchronized WatchedServerEngines openOnce() {
        WatchedServerEngines current = opened;
        if (current == null) {
            if (closed) {
                throw new IllegalStateException("the TLS engines towards servers are closed");
            }
            current = WatchedServerEngines.open(settings, Runtimes.system().scheduler(name + "-server-certificates"));
            opened = current;
        }
        return current;
    }

    @Override
    public SSLEngine engine(Address address) {
        return open().engine(address);
    }

    @Override
    public SSLContext context() {
        return open().context();
    }

    @Override
    public void prepare(SSLEngine engine, Address address) {
        open().prepare(engine, address);
    }

    /** Reads the files now, if the engines were made. Does not wait. */
    public void reload() {
        WatchedServerEngines current = opened;
        if (current != null) {
            current.reload();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        WatchedServerEngines current = opened;
        if (current != null) {
            current.close();
        }
    }
}
