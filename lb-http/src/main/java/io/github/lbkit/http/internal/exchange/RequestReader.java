package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.write.ForwardedFields;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Reads a client's heads, with a parser that it has only while one is on its way. */
final class RequestReader {
    private final Worker worker;
    private final InetAddress client;
    private final ForwardedFields forwarded;

    /** Whether the peer is a proxy whose forwarding fields are believed. */
    private final boolean trusted;

    private @Nullable HeadParser parser;
    private boolean started;
    private long began;

    RequestReader(Worker worker, InetAddress client) {
        this.worker = worker;
        this.client = client;
        trusted = worker.settings().trustedProxies().trusts(client);
        forwarded = new ForwardedFields(
                IpText.of(client), "http", trusted, worker.settings().via());
    }

    /** The next request; null while its head is not complete. */
    @Nullable
    ClientRequest read(Input in) throws BadMessageException {
        HeadParser reading = parser == null ? worker.requestParsers().take() : parser;
        parser = reading;
        boolean complete = reading.parse(in.bytes(), in.from(), in.to());
        if (!started && reading.started()) {
            started = true;
            began = worker.loop().now();
        }
        if (!complete) {
            return null;
        }
        parser = null;
        started = false;
        in.take(reading.head().end());
        return new ClientRequest(reading, forwarded, worker.ids(), clientOf(reading.head()), began);
    }

    private InetAddress clientOf(Head head) {
        return trusted && head.find(FieldName.X_FORWARDED_FOR) >= 0
                ? worker.settings().trustedProxies().client(client, head)
                : client;
    }

    /** Whether a part of a head has come. */
    boolean started() {
        return started;
    }

    /** Gives the parser back, and forgets what has come. */
    void release() {
        if (parser != null) {
            worker.requestParsers().giveBack(parser);
            parser = null;
        }
        started = false;
    }
}
