package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.http.internal.loop.ConnectAttempt;
import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.CancelledKeyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one instance: being made, in use by one exchange, or idle on its loop. An idle one that the server
 * ends, or that says something nobody asked for, is closed at once. Confined to its loop.
 */
public final class UpstreamConnection extends Connection implements ConnectRace.Finish {
    private final InstanceConnections home;
    private final UpstreamOptions options;
    private final Timer timer = timer(this::timeOver);
    private final ConnectRace race;
    private final long connectDeadline;
    private @Nullable UpstreamUser user;
    private boolean made;
    private boolean used;
    private long writtenBefore;
    private long expectedNanos;

    private ServerKeepAlive keepAlive = ServerKeepAlive.UNKNOWN;

    private long idleSince;

    /** Whether the timer is to be set again when reading goes on. */
    private boolean resumeTimer;

    UpstreamConnection(EventLoop loop, InstanceConnections home, UpstreamOptions options, UpstreamUser user) {
        super(loop);
        this.home = home;
        this.options = options;
        this.user = user;
        race = new ConnectRace(loop, this, this::timer);
        connectDeadline = loop.now() + options.connectNanos();
        loop.timers().set(timer, connectDeadline);
    }

    /** Returns the host and port of the instance, for a request that names no host. */
    public String authority() {
        return home.key().address().authority();
    }

    /** Whether the request can be sent. */
    public boolean isConnected() {
        return made && !isClosed();
    }

    /** Whether a request went this way before: then the server may have ended it without our knowing yet. */
    public boolean wasUsed() {
        return used;
    }

    /** Whether a byte was written for its user of now. */
    public boolean hasWritten() {
        return written() > writtenBefore;
    }

    /**
     * Its user of now is told of a timeout, unless this is called again or {@link #expectNothing} before. While the connection
     * is not read from for want of room in the buffers, only the time to take what is sent passes.
     */
    public void expectWithin(long nanos) {
        expectedNanos = nanos;
        if (isPaused() && !hasUnsent()) {
            resumeTimer = true;
        } else {
            loop().timers().set(timer, loop().now() + nanos);
        }
    }

    /** As {@link #expectWithin}, by this moment of the loop's time. */
    public void expectBy(long deadlineNanos) {
        expectWithin(deadlineNanos - loop().now());
    }

    /** Notes for how long the server keeps an unused connection; 0 if it does not say. */
    public void keptByServer(long nanos) {
        if (nanos != keepAlive.nanos()) {
            keepAlive = nanos == 0 ? ServerKeepAlive.UNKNOWN : new ServerKeepAlive(nanos);
        }
    }

    /** Returns whether a request may be sent although the server may soon end a connection that is unused for so long. */
    boolean mayTake(boolean repeatable) {
        return keepAlive.allows(loop().now() - idleSince, repeatable);
    }

    /** No timeout for now. */
    public void expectNothing() {
        resumeTimer = false;
        loop().timers().stop(timer);
    }

    /** Stops or resumes to read, for the sake of who takes what is read. */
    public void listen(boolean wanted) {
        wantInput(wanted);
    }

    /** Its user has done with it, and left it as a new request needs it. It is kept if there is a use for it. */
    public void release() {
        user = null;
        used = true;
        if (isClosed() || hasUnsent() || leftSize() > 0 || !home.keep(this)) {
            close();
            return;
        }
        wantInput(true);
        idleSince = loop().now();
        loop().timers().set(timer, idleSince + keepAlive.keptFor(options.idleNanos()));
    }

    /** Its user has done with it, and with the connection. */
    public void discard() {
        user = null;
        close();
    }

    void reuse(UpstreamUser next) {
        user = next;
        writtenBefore = written();
        loop().timers().stop(timer);
    }

    /** Connects to one of these addresses of the instance's host. */
    void open(List<InetAddress> addresses) {
        if (!isClosed()) {
            List<InetAddress> inOrder = home.preferences().inOrder(addresses, loop().now());
            race.begin(inOrder, home.key().address().port(), connectDeadline - loop().now());
        }
    }

    /** Fails before an attempt to connect was made. */
    void cannotOpen(UpstreamFault fault) {
        if (!isClosed()) {
            guard(() -> fail(fault));
        }
    }

    void tellLoss() {
        UpstreamUser told = user;
        if (told != null) {
            told.instanceLost();
        }
    }

    @Override
    public void connected(ConnectAttempt attempt, InetAddress address) {
        UpstreamUser told = user;
        if (isClosed() || told == null) {
            attempt.cancel();
            return;
        }
        home.preferences().connected(address, loop().now());
        take(attempt);
        made = true;
        loop().timers().stop(timer);
        guard(told::connected); // the event is one of the attempt, whose crash would not end this connection
    }

    @Override
    public void failed(UpstreamFault fault) {
        cannotOpen(fault);
    }

    @Override
    public boolean comesFirst() {
        return true;
    }

    @Override
    protected void received(Input input, boolean ended) {
        UpstreamUser told = user;
        if (told == null) {
            close();
        } else if (ended) {
            told.serverEnded();
        } else {
            told.received(input);
        }
    }

    @Override
    protected void readingPaused(boolean now) {
        if (now) {
            resumeTimer = timer.running() && user != null && !hasUnsent();
            if (resumeTimer) {
                loop().timers().stop(timer);
            }
        } else if (resumeTimer && user != null) {
            expectWithin(expectedNanos);
        }
    }

    @Override
    protected void drained() {
        UpstreamUser told = user;
        if (told != null) {
            told.drained();
        }
    }

    @Override
    protected void progressed() {
        if (timer.running()) {
            expectWithin(expectedNanos);
        }
    }

    @Override
    protected void broken(Throwable cause) {
        UpstreamFault lost = made ? UpstreamFault.RESET : UpstreamFault.CONNECT_FAILED;
        fail(cause instanceof IOException || cause instanceof CancelledKeyException ? lost : UpstreamFault.CRASHED);
    }

    @Override
    protected void ended() {
        loop().timers().remove(timer);
        race.cancel();
        home.closed(this);
    }

    private void timeOver() {
        if (user == null) {
            close();
        } else {
            fail(made ? UpstreamFault.TIMEOUT : UpstreamFault.CONNECT_TIMEOUT);
        }
    }

    private void fail(UpstreamFault fault) {
        UpstreamUser told = user;
        user = null;
        close();
        if (told != null) {
            told.failed(fault);
        }
    }
}
