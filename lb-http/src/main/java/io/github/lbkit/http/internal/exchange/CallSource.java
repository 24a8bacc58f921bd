package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Call;
import io.github.lbkit.http.RequestHead;

/**
 * A source of balancer calls: one for each request, at the only balancer or at that of its key. Thread-safe; never
 * blocks.
 */
@FunctionalInterface
public interface CallSource {
    /** Returns a new call for this request. */
    Call call(RequestHead head);
}
