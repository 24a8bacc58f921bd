package io.github.lbkit.http.internal.wire;

/** An incremental parser of the first line of a head, which keeps its position between calls. */
sealed interface StartLine permits RequestLine, StatusLineReader, NoStartLine {
    /** Prepares the parser for the next line. */
    void reset();

    /**
     * Continues parsing.
     *
     * @return the position after the last byte read: after the line end if {@link #done}, otherwise the end of the
     *     input
     */
    int read(Head head, int from, int to) throws BadMessageException;

    /** Returns whether the line is complete. */
    boolean done();
}
