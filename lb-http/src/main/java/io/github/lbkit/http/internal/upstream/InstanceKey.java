package io.github.lbkit.http.internal.upstream;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an instance, to which connections belong. A replacement of the instance inherits no connection. Two
 * pools may have servers with equal ids and generations; the addresses distinguish them. Immutable.
 *
 * @param id the id of the server
 * @param generation the generation of the instance
 * @param address the address of the instance
 */
public record InstanceKey(String id, long generation, Address address) {
    // Every request calls both methods. Comparing addresses costs most, because of their attributes, so it comes last.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InstanceKey that
                && generation == that.generation
                && id.equals(that.id)
                && Objects.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + Long.hashCode(generation);
    }

    /**
     * Returns whether the proxy supports the scheme of the address: {@code http} or {@code https}. Nothing is sent to
     * others in clear text.
     */
    public boolean isSupported() {
        return address.scheme().equals("http") || isSecure();
    }

    /** Returns whether requests are sent to the instance over TLS. */
    public boolean isSecure() {
        return isSecure(address);
    }

    /** Returns whether requests to this address are sent over TLS. */
    static boolean isSecure(Address address) {
        return address.scheme().equals("https");
    }

    /** Returns a message that explains why requests are not sent to this instance. */
    public String unsupportedMessage() {
        return "server " + id + " at " + address.place() + " has the scheme " + address.scheme()
                + ", and the proxy supports only http and https towards servers: requests would be sent unencrypted";
    }

    /** Returns the key of this instance of this server. */
    public static InstanceKey of(Server server, Instance instance) {
        return new InstanceKey(server.id(), instance.generation(), instance.address());
    }

    /** Returns all instances of a membership. */
    public static Set<InstanceKey> present(Membership membership) {
        Set<InstanceKey> present = new HashSet<>();
        for (Server server : membership.servers()) {
            server.instance().ifPresent(instance -> present.add(of(server, instance)));
        }
        return present;
    }

    /** Returns the instances of a membership to which requests may be sent: those of READY servers. */
    public static Set<InstanceKey> ready(Membership membership) {
        Set<InstanceKey> ready = new HashSet<>();
        for (Server server : membership.servers()) {
            if (server.state() == Server.State.READY) {
                server.instance().ifPresent(instance -> ready.add(of(server, instance)));
            }
        }
        return ready;
    }
}
