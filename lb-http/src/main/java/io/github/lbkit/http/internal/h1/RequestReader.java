package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.exchange.ClientRequest;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.peer.IpText;
import io.github.lbkit.http.internal.peer.PeerSecurity;
import io.github.lbkit.http.internal.transport.Transport;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.write.ForwardedFields;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The reader of a client's request heads. It holds a parser only while a head is incomplete. Confined to its loop. */
final class RequestReader {
    private final Http1Context context;
    private final InetAddress peer;
    private final ForwardedFields forwarded;

    /** True if the peer is a trusted proxy. */
    private final boolean trusted;

    private final Transport transport;

    /** The facts that TLS tells about the client; null before the first request. */
    private @Nullable PeerSecurity security;

    private @Nullable HeadParser parser;
    private boolean started;
    private long beganNanos;

    RequestReader(Http1Context context, InetAddress peer, Transport transport) {
        this.context = context;
        this.peer = peer;
        this.transport = transport;
        Http1Settings settings = context.settings();
        trusted = settings.trustedProxies().trusts(peer);
        forwarded = new ForwardedFields(
                IpText.of(peer),
                transport.isSecure() ? "https" : "http",
                trusted,
                settings.forwarded(),
                settings.via(),
                settings.security().certificateField());
    }

    /** Returns the next request; null while its head is incomplete. */
    @Nullable
    ClientRequest read(Input in) throws BadMessageException {
        HeadParser reading = parser == null ? context.parsers().take() : parser;
        parser = reading;
        boolean complete = reading.parse(in.bytes(), in.from(), in.to());
        if (!started && reading.started()) {
            started = true;
            beganNanos = context.loop().now();
        }
        if (!complete) {
            return null;
        }
        parser = null;
        started = false;
        in.consumeTo(reading.head().end());
        return new ClientRequest(reading, forwarded, context.ids(), clientOf(reading.head()), security(), beganNanos);
    }

    /** Returns what TLS tells about the client. The handshake has ended before the first request. */
    private PeerSecurity security() {
        PeerSecurity known = security;
        if (known == null) {
            known = transport.isSecure() ? PeerSecurity.ofTls(transport.peerCertificate()) : PeerSecurity.PLAIN;
            security = known;
            String subject = known.subject();
            if (subject != null) {
                forwarded.certificateSubject(subject);
            }
        }
        return known;
    }

    private InetAddress clientOf(Head head) {
        Http1Settings settings = context.settings();
        if (!trusted) {
            return peer;
        }
        boolean xForwarded = settings.forwarded().writesXForwarded();
        return settings.trustedProxies()
                .client(peer, head, xForwarded ? FieldName.X_FORWARDED_FOR : FieldName.FORWARDED);
    }

    /** Returns whether a part of a head was received. */
    boolean started() {
        return started;
    }

    /** Gives the parser back, and drops the part of a head. */
    void release() {
        if (parser != null) {
            context.parsers().release(parser);
            parser = null;
        }
        started = false;
    }
}
