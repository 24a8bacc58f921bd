package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;

/** An attempt that waits for the response of a {@link SimulatedInstance}. Ignores all calls after its end. */
interface PendingAttempt {
    /** Ends the attempt: the server has carried out the request. */
    void succeeded();

    /** Ends the attempt: the server has failed or is gone. */
    void failed(Failure failure);

    /** Reports that the balancer considers the instance lost; an attempt of a repeatable request then ends. */
    void instanceLost();
}
