package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An instance that a launcher knows: complete, with an address, or half made, without one. Immutable. */
public final class Launched {
    private final String id;
    private final long generation;
    private final String name;
    private final Map<String, String> labels;
    private final String specHash;
    private final String handle;
    private final @Nullable Address address;

    private Launched(LaunchRequest request, String specHash, String handle, @Nullable Address address) {
        this.id = request.id();
        this.generation = request.generation();
        this.name = request.name();
        this.labels = request.labels();
        this.specHash = specHash;
        this.handle = handle;
        this.address = address;
    }

    /**
     * An instance that listens, or soon will, at this address.
     *
     * @param request what it was launched by
     * @param specHash the {@link Launcher#specHash} that it was launched under
     * @param handle the runtime's own name for it, such as a process id, for people
     */
    public static Launched at(Address address, LaunchRequest request, String specHash, String handle) {
        return new Launched(request, specHash, handle, address);
    }

    /** An instance whose launch was begun and whose address is not known, with the same parts. */
    public static Launched halfMade(LaunchRequest request, String specHash, String handle) {
        return new Launched(request, specHash, handle, null);
    }

    /** The server that it belongs to. */
    public String id() {
        return id;
    }

    /** Its generation. */
    public long generation() {
        return generation;
    }

    /** Returns the identity of the instance. */
    public InstanceId instanceId() {
        return new InstanceId(id, generation);
    }

    /** What the runtime calls it, for people. */
    public String name() {
        return name;
    }

    /** The labels it was launched with. */
    public Map<String, String> labels() {
        return labels;
    }

    /** What it was made of. */
    public String specHash() {
        return specHash;
    }

    /** The runtime's own name for it. */
    public String handle() {
        return handle;
    }

    /** Where it listens; empty if it is half made. */
    public Optional<Address> address() {
        return Optional.ofNullable(address);
    }

    /** As routing sees it; empty if it is half made. */
    public Optional<Instance> instance() {
        return address().map(known -> new Instance(name, known, generation));
    }

    @Override
    public String toString() {
        return name + " (" + id + " generation " + generation + ", " + handle + ", "
                + (address == null ? "half made" : address) + ")";
    }
}
