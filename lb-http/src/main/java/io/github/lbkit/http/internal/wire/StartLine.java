package io.github.lbkit.http.internal.wire;

/** The first line of a head, read byte by byte: where it stands is kept between calls. */
sealed interface StartLine permits RequestLine, StatusLineReader, NoStartLine {
    /** Back to the start. */
    void reset();

    /**
     * Reads on.
     *
     * @return where it stopped: after the line end if {@link #done}, else at the end of the input
     */
    int read(Head head, int from, int to) throws BadMessageException;

    /** Whether the line is complete. */
    boolean done();
}
