package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Address;
import java.util.Optional;

/**
 * A task of a service, as a manager reports it. Immutable.
 *
 * @param id the swarm's id of the task
 * @param server the id of the task's server: the service's name with the slot, or with the node for a global service
 * @param slot the number of the slot; 0 for a global service
 * @param created the time of creation as the manager writes it; comparable as text
 * @param state the state, such as {@code running} or {@code failed}
 * @param desired the desired state, such as {@code running} or {@code shutdown}
 * @param message the reason for the state
 * @param nodeUp true if the task's node is up
 * @param address the task's address; empty if none is known
 */
record Task(
        String id,
        String server,
        long slot,
        String created,
        String state,
        String desired,
        String message,
        boolean nodeUp,
        Optional<Address> address) {

    /** Returns true if the swarm desires a running task in this slot, this one or its successor. */
    boolean wanted() {
        return desired.equals("running") || desired.equals("ready");
    }

    /** Returns true if the manager knows no reason why the task's container does not run. */
    boolean runs() {
        return state.equals("running") && nodeUp;
    }

    /** Returns true if the task may receive requests. */
    boolean serves() {
        return desired.equals("running") && runs() && address.isPresent();
    }

    /** Returns the reason for which the task does not serve. */
    String reason() {
        return !nodeUp
                ? "its node is down"
                : "its task is " + state + (message.isEmpty() ? "" : " (" + message + ")")
                        + (state.equals("running") && address.isEmpty() ? " and has no address" : "");
    }
}
