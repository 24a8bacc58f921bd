package io.github.lbkit.api;

import org.jspecify.annotations.Nullable;

/** What a request is routed by: nothing, a number, or characters. Immutable if the characters are. */
public final class Key {
    private static final Key NONE = new Key(null, 0);

    private final @Nullable CharSequence text;
    private final long number;

    private Key(@Nullable CharSequence text, long number) {
        this.text = text;
        this.number = number;
    }

    /** No key: a policy that routes by key draws one at random for each request. */
    public static Key none() {
        return NONE;
    }

    /** A number, such as a user's or a shard's. */
    public static Key of(long number) {
        return new Key(null, number);
    }

    /** Characters, such as a path or a cookie's value; not copied, so they must not change while the call lives. */
    public static Key of(CharSequence text) {
        return new Key(text, 0);
    }

    /** Whether there is no key. */
    public boolean isNone() {
        return this == NONE;
    }

    /** Whether the key is characters, and {@link #text} may be called. */
    public boolean isText() {
        return text != null;
    }

    /** The characters. */
    public CharSequence text() {
        if (text == null) {
            throw new IllegalStateException("the key has no characters: " + this);
        }
        return text;
    }

    /** The number; 0 unless the key is a number. */
    public long number() {
        return number;
    }

    @Override
    public String toString() {
        return this == NONE ? "none" : text != null ? "'" + text + "'" : Long.toString(number);
    }
}
