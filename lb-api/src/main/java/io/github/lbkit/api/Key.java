package io.github.lbkit.api;

import org.jspecify.annotations.Nullable;

/** The key that routes a request: none, a number, or text. Immutable if the text is. */
public final class Key {
    private static final Key NONE = new Key(null, 0);

    private final @Nullable CharSequence text;
    private final long number;

    private Key(@Nullable CharSequence text, long number) {
        this.text = text;
        this.number = number;
    }

    /** Returns the absent key: a policy that routes by key draws a random position for each request. */
    public static Key none() {
        return NONE;
    }

    /** Returns a numeric key, such as the id of a user or a shard. */
    public static Key of(long number) {
        return new Key(null, number);
    }

    /**
     * Returns a text key, such as a path or a cookie's value. The text is not copied and must not change during the
     * call.
     */
    public static Key of(CharSequence text) {
        return new Key(text, 0);
    }

    /** Returns whether the key is absent. */
    public boolean isNone() {
        return this == NONE;
    }

    /** Returns whether the key is text, so that {@link #text} may be called. */
    public boolean isText() {
        return text != null;
    }

    /**
     * Returns the text.
     *
     * @throws IllegalStateException if the key is not text
     */
    public CharSequence text() {
        if (text == null) {
            throw new IllegalStateException("the key has no characters: " + this);
        }
        return text;
    }

    /** Returns the number; 0 unless the key is a number. */
    public long number() {
        return number;
    }

    @Override
    public String toString() {
        return this == NONE ? "none" : text != null ? "'" + text + "'" : Long.toString(number);
    }
}
