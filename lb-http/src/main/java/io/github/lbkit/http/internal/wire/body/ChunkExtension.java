package io.github.lbkit.http.internal.wire.body;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Octets;

/**
 * A parser of the extensions after a chunk size (RFC 9112 7.1.1):
 * {@code *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )}. Extensions are checked but not used. Their
 * total length in a body is limited, because they cost work and carry no data. Confined to the thread of its decoder.
 */
final class ChunkExtension {
    private static final int MAX_PER_BODY = 4096;

    private enum State {
        /** After the size or a value; the line may end here unless blanks were read. */
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        /** After blanks that follow a name. */
        BEFORE_EQUALS,
        BEFORE_VALUE,
        TOKEN,
        QUOTED,
        ESCAPED
    }

    private State state = State.BEFORE_SEMICOLON;
    private boolean blanks;
    private int total;

    void reset() {
        total = 0;
    }

    /** Prepares the parser for the extensions of the next chunk. */
    void begin() {
        state = State.BEFORE_SEMICOLON;
        blanks = false;
    }

    /** Reads one byte; returns whether it is the carriage return after the last extension. */
    boolean read(byte b) throws BadMessageException {
        if (++total > MAX_PER_BODY) {
            throw BadMessageException.malformed("chunk extensions of more than " + MAX_PER_BODY + " bytes");
        }
        switch (state) {
            case BEFORE_NAME -> begin(b, State.NAME);
            case BEFORE_VALUE -> {
                if (b == '"') {
                    state = State.QUOTED;
                } else {
                    begin(b, State.TOKEN);
                }
            }
            case QUOTED -> quoted(b);
            case ESCAPED -> {
                check(b, Octets.VALUE);
                state = State.QUOTED;
            }
            case NAME, TOKEN -> {
                return !Octets.is(b, Octets.TOKEN) && separator(b);
            }
            case BEFORE_SEMICOLON, BEFORE_EQUALS -> {
                return separator(b);
            }
        }
        return false;
    }

    private void begin(byte b, State begun) throws BadMessageException {
        if (!Octets.isBlank(b)) {
            check(b, Octets.TOKEN);
            state = begun;
        }
    }

    private void quoted(byte b) throws BadMessageException {
        if (b == '"') {
            begin();
        } else if (b == '\\') {
            state = State.ESCAPED;
        } else {
            check(b, Octets.QUOTED);
        }
    }

    private boolean separator(byte b) throws BadMessageException {
        boolean named = state == State.NAME || state == State.BEFORE_EQUALS;
        if (b == ';') {
            state = State.BEFORE_NAME;
            blanks = false;
        } else if (b == '=' && named) {
            state = State.BEFORE_VALUE;
            blanks = false;
        } else if (Octets.isBlank(b)) {
            state = named ? State.BEFORE_EQUALS : State.BEFORE_SEMICOLON;
            blanks = true;
        } else if (b == '\r' && !blanks) {
            return true;
        } else {
            throw BadMessageException.badByte(b, "a chunk extension");
        }
        return false;
    }

    private static void check(byte b, int aClass) throws BadMessageException {
        if (!Octets.is(b, aClass)) {
            throw BadMessageException.badByte(b, "a chunk extension");
        }
    }
}
