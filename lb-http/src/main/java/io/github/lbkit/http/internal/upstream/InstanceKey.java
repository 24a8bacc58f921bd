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
 * Names one launch of one server: connections belong to it, and a replacement inherits none. Servers of two pools may have
 * one id and one generation; their addresses tell them apart. Immutable.
 *
 * @param id the server's
 * @param generation the instance's
 * @param address the instance's
 */
public record InstanceKey(String id, long generation, Address address) {
    // Every request asks for both, and an address has attributes: what tells nearly all apart comes first, and its own
    // address is mostly the very same object.

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

    /** Returns whether requests can be sent there: this proxy speaks {@code http} alone, and must send nothing in clear text to a server of https. */
    public boolean isSpoken() {
        return address.scheme().equals("http");
    }

    /** Returns the reason for which nothing is sent there, for people. */
    public String whyUnspoken() {
        return "server " + id + " at " + address.authority() + " speaks " + address.scheme()
                + ", and the proxy speaks http alone to servers: requests would go there in clear text";
    }

    /** The key of this instance of this server. */
    public static InstanceKey of(Server server, Instance instance) {
        return new InstanceKey(server.id(), instance.generation(), instance.address());
    }

    /** All of a membership, whatever their state. */
    public static Set<InstanceKey> present(Membership membership) {
        Set<InstanceKey> present = new HashSet<>();
        for (Server server : membership.servers()) {
            server.instance().ifPresent(instance -> present.add(of(server, instance)));
        }
        return present;
    }

    /** Those of a membership that may be talked to. */
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
