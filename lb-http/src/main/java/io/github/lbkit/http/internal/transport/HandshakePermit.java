package io.github.lbkit.http.internal.transport;

/** The permit of one client to begin a handshake; see {@link HandshakeThreads}. Confined to its loop. */
final class HandshakePermit {
    private final TlsLoop resources;
    private boolean held;
    private boolean awaited;
    private boolean needless;

    HandshakePermit(TlsLoop resources) {
        this.resources = resources;
    }

    /**
     * Takes a permit, unless one is held.
     *
     * @param whenGranted called on the loop later if there is no permit now; the permit is held then
     * @return whether a permit is held
     */
    boolean acquire(Runnable whenGranted) {
        if (!held) {
            held = resources.threads().admit(() -> resources.loop().execute(() -> granted(whenGranted)));
            awaited = !held;
        }
        return held;
    }

    private void granted(Runnable receiver) {
        awaited = false;
        held = true;
        if (needless) {
            release();
        } else {
            receiver.run();
        }
    }

    /** Returns whether a permit is awaited. */
    boolean isAwaited() {
        return awaited;
    }

    /** Releases the permit, also one that is granted later. Later calls do nothing. */
    void release() {
        needless = true;
        if (held) {
            held = false;
            resources.threads().release();
        }
    }
}
