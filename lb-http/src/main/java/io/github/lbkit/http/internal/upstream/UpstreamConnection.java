package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Failure;
import io.github.lbkit.http.internal.loop.ConnectAttempt;
import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.PlainTransport;
import io.github.lbkit.http.internal.loop.Timer;
import java.net.InetAddress;
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

    UpstreamConnection(
            EventLoop loop,
            PlainTransport first,
            InstanceConnections home,
            UpstreamOptions options,
            UpstreamUser user) {
        super(loop);
        this.home = home;
        this.options = options;
        this.user = user;
        race = new ConnectRace(loop, first, this, this::timer);
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

    /** Its user of now is told of a timeout, unless this is called again or {@link #expectNothing} before. */
    public void expectWithin(long nanos) {
        expectedNanos = nanos;
        loop().timers().set(timer, loop().now() + nanos);
    }

    /** No timeout for now. */
    public void expectNothing() {
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
        loop().timers().set(timer, loop().now() + options.idleNanos());
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

    /** Fails, because the instance's host has no known address. */
    void cannotOpen() {
        fail(Failure.CONNECT);
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
    public void failed() {
        if (!isClosed()) {
            guard(() -> fail(Failure.CONNECT));
        }
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
        fail(made ? Failure.DISCONNECT : Failure.CONNECT);
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
            fail(made ? Failure.TIMEOUT : Failure.CONNECT);
        }
    }

    private void fail(Failure failure) {
        UpstreamUser told = user;
        user = null;
        close();
        if (told != null) {
            told.failed(failure);
        }
    }
}
