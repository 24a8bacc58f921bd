package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Address;
import java.util.Optional;

/**
 * One task of the service, as a manager shows it. Immutable.
 *
 * @param id the swarm's id
 * @param server the id of the server that it is: the service's name and the slot; of a global service, the node
 * @param slot its number; 0 for a global service
 * @param created when, as the manager writes it, so that they can be compared
 * @param state such as {@code running} or {@code failed}
 * @param desired such as {@code running} or {@code shutdown}
 * @param message why it is in this state
 * @param nodeUp whether its node is there
 * @param address where it listens, if it does
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

    /** Whether the swarm wants its slot to be served, by it or by its successor. */
    boolean wanted() {
        return desired.equals("running") || desired.equals("ready");
    }

    /** Whether its container runs, as far as the manager can know. */
    boolean runs() {
        return state.equals("running") && nodeUp;
    }

    /** Whether it may be talked to. */
    boolean serves() {
        return desired.equals("running") && runs() && address.isPresent();
    }

    /** Why it does not serve. */
    String why() {
        return !nodeUp
                ? "its node is down"
                : "its task is " + state + (message.isEmpty() ? "" : " (" + message + ")")
                        + (state.equals("running") && address.isEmpty() ? " and has no address" : "");
    }
}
