package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An instance that a launcher knows: complete with an address, or incomplete without one. Immutable. */
public final class LaunchedInstance {
    private final String id;
    private final long generation;
    private final String name;
    private final Map<String, String> labels;
    private final String specHash;
    private final String handle;
    private final @Nullable Address address;

    private LaunchedInstance(LaunchRequest request, String specHash, String handle, @Nullable Address address) {
        this.id = request.id();
        this.generation = request.generation();
        this.name = request.name();
        this.labels = request.labels();
        this.specHash = specHash;
        this.handle = handle;
        this.address = address;
    }

    /**
     * Returns an instance that listens, or will listen soon, at this address.
     *
     * @param request the request that the instance was launched by
     * @param specHash the hash of the spec that the instance was launched from
     * @param handle the runtime's own name for the instance, such as a process id, for people
     */
    public static LaunchedInstance at(Address address, LaunchRequest request, String specHash, String handle) {
        return new LaunchedInstance(request, specHash, handle, address);
    }

    /** Returns an instance whose launch has begun and whose address is not known. */
    public static LaunchedInstance incomplete(LaunchRequest request, String specHash, String handle) {
        return new LaunchedInstance(request, specHash, handle, null);
    }

    /** The id of its server. */
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

    /** The name of the instance in the runtime. */
    public String name() {
        return name;
    }

    /** The labels that the instance was launched with. */
    public Map<String, String> labels() {
        return labels;
    }

    /** The hash of the spec that the instance was launched from. */
    public String specHash() {
        return specHash;
    }

    /** The runtime's own name for the instance, for people. */
    public String handle() {
        return handle;
    }

    /** The address of the instance; empty if the instance is incomplete. */
    public Optional<Address> address() {
        return Optional.ofNullable(address);
    }

    /** The instance as routing sees it; empty if the instance is incomplete. */
    public Optional<Instance> instance() {
        return address().map(known -> new Instance(name, known, generation));
    }

    @Override
    public String toString() {
        return name + " (" + id + " generation " + generation + ", " + handle + ", "
                + (address == null ? "incomplete" : address) + ")";
    }
}
