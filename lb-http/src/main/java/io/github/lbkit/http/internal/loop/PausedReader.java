package io.github.lbkit.http.internal.loop;

/** A connection that does not read because the buffers are full. Called on its loop. */
interface PausedReader {
    /** Reads again: there is room in the buffers. */
    void resumeReading();
}
