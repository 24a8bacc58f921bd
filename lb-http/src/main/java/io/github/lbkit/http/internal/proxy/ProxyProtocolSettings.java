package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.internal.peer.TrustedProxies;
import java.util.Optional;

/**
 * The settings of the PROXY protocol. Immutable.
 *
 * @param senders the peers whose connections must begin with a PROXY header
 * @param send the version of the header that connections to servers begin with; empty for none
 */
public record ProxyProtocolSettings(TrustedProxies senders, Optional<ProxyProtocol> send) {}
