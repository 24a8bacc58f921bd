package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Call;
import io.github.lbkit.http.RequestHead;

/** Begins a request's way through a balancer: through the only one, or that of its key. Thread-safe, does not block. */
@FunctionalInterface
public interface CallSource {
    /** The call of this request. */
    Call call(RequestHead head);
}
