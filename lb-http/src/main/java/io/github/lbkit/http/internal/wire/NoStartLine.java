package io.github.lbkit.http.internal.wire;

/** The start line of a trailer section: there is none. Stateless. */
final class NoStartLine implements StartLine {
    @Override
    public void reset() {}

    @Override
    public int read(Head head, int from, int to) {
        return from;
    }

    @Override
    public boolean done() {
        return true;
    }
}
