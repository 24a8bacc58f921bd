package io.github.lbkit.http.internal.body;

import io.github.lbkit.http.internal.wire.Head;
import org.jspecify.annotations.Nullable;

/** The receiver of a body without its framing. */
public interface BodySink {
    /** Receives a run of bytes. The array is valid for this call only. */
    void data(byte[] bytes, int from, int to);

    /**
     * Receives the end of the body. Called once.
     *
     * @param trailers the trailer fields; null if there are none
     */
    void end(@Nullable Head trailers);
}
