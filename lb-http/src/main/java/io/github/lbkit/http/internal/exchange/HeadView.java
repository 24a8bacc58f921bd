package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.internal.peer.PeerSecurity;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.write.RequestId;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A view of a parsed request head. Strings are created on request. Confined to its loop, except for a detached copy.
 */
final class HeadView implements RequestHead {
    private final Head head;
    private final InetAddress clientAddress;
    private final PeerSecurity security;
    private final RequestId requestId;
    private @Nullable String requestIdText;

    HeadView(Head head, InetAddress clientAddress, PeerSecurity security, RequestId requestId) {
        this.head = head;
        this.clientAddress = clientAddress;
        this.security = security;
        this.requestId = requestId;
    }

    /** Returns a copy that stays valid after the exchange and may be used on any thread. */
    RequestHead detached() {
        HeadView copy = new HeadView(head.copy(), clientAddress, security, requestId);
        copy.requestIdText = requestId();
        return copy;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String target() {
        return head.target();
    }

    @Override
    public String path() {
        return head.path();
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(head.query());
    }

    @Override
    public Optional<String> header(String name) {
        if (head.isAbsoluteForm() && name.equalsIgnoreCase("Host")) {
            return Optional.of(head.authority());
        }
        int field = head.find(name);
        return field < 0 ? Optional.empty() : Optional.of(head.value(field));
    }

    @Override
    public List<String> headers(String name) {
        if (head.isAbsoluteForm() && name.equalsIgnoreCase("Host")) {
            return List.of(head.authority());
        }
        List<String> values = new ArrayList<>(1);
        for (int i = head.find(name); i >= 0; i = head.findNext(name, i + 1)) {
            values.add(head.value(i));
        }
        return values;
    }

    @Override
    public InetAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public boolean isSecure() {
        return security.isSecure();
    }

    @Override
    public Optional<X509Certificate> clientCertificate() {
        return Optional.ofNullable(security.certificate());
    }

    @Override
    public Optional<String> clientCertificateSubject() {
        return Optional.ofNullable(security.subject());
    }

    @Override
    public String requestId() {
        String text = requestIdText;
        if (text == null) {
            text = requestId.toString();
            requestIdText = text;
        }
        return text;
    }
}
