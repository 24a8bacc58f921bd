package io.github.lbkit.api.policy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * The computation of a fingerprint of routing, for comparison between processes and machines: the first 8 bytes of
 * SHA-256 over the members (id, weight and the labels that routing reads), the settings, and the owners of {@value
 * #SAMPLES} fixed keys. The owners distinguish two functions that have one name by mistake.
 *
 * <p>A policy that routes by key is identified by its router and its key hash alone, so the same router under another
 * policy name has the same fingerprint. Any other policy is identified by its name and its {@link Picker#settings}.
 * Costs O(n) and {@value #SAMPLES} look-ups. All methods are pure functions.
 */
public final class RoutingFingerprint {
    private static final int SAMPLES = 128;

    /** The value in place of an owner, if a function threw an exception for a sample. */
    private static final int FAILED = -2;

    private RoutingFingerprint() {}

    /** Returns the fingerprint of a policy's picker over these members. */
    public static long of(Policy policy, List<Member> members, Picker picker) {
        if (picker.router().isEmpty()) {
            return of(members, policy.name() + '\0' + picker.settings(), sample -> FAILED);
        }
        Cursor cursor = new Cursor(() -> 0);
        return of(members, picker.settings(), sample -> {
            cursor.restartForNewKey();
            return picker.next(sample(sample), cursor, LoadView.IDLE);
        });
    }

    /**
     * Returns the fingerprint of a router and the hash function of its keys, equal to that of a balancer whose {@code
     * HashPolicy} has both over the same members.
     */
    public static long of(HashRouter router, KeyHash keyHash) {
        Cursor cursor = new Cursor(() -> 0);
        List<Member> members = router.members().stream()
                .map(m -> m.keepingLabels(router.labels()))
                .toList();
        return of(members, settings(router, keyHash), sample -> {
            cursor.restartForNewKey();
            return router.next(cursor.keyHash(sample(sample), keyHash), cursor);
        });
    }

    /** Returns the settings of a picker that combines this router and this hash function. */
    public static String settings(HashRouter router, KeyHash keyHash) {
        return router.name() + ", key hash " + keyHash.name();
    }

    private static long of(List<Member> members, String settings, ToIntFunction<Integer> owners) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        number(sha, members.size());
        for (Member member : members) {
            text(sha, member.id());
            number(sha, member.weight());
            number(sha, member.labels().size());
            new TreeMap<>(member.labels()).forEach((label, value) -> {
                text(sha, label);
                text(sha, value);
            });
        }
        text(sha, settings);
        for (int sample = 0; sample < SAMPLES; sample++) {
            number(sha, owner(owners, sample));
        }
        return ByteBuffer.wrap(sha.digest()).getLong();
    }

    private static int owner(ToIntFunction<Integer> owners, int sample) {
        try {
            return owners.applyAsInt(sample);
        } catch (RuntimeException e) { // a key hash that takes no such key
            return FAILED;
        }
    }

    /**
     * Returns a sample key: text for even numbers and a number for odd ones, since a key hash has a function for each.
     */
    private static Key sample(int number) {
        return number % 2 == 0 ? Key.of("sample " + number) : Key.of((long) number);
    }

    private static void text(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(sha, bytes.length);
        sha.update(bytes);
    }

    private static void number(MessageDigest sha, int number) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
}
