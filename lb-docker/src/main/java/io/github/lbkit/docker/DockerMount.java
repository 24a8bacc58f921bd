package io.github.lbkit.docker;

import io.github.lbkit.docker.internal.settings.VisibleOutput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file that a container sees at a path of its own: of the host, of a volume, or in memory. Immutable.
 *
 * @param type where it is
 * @param source the path on the engine's host, or the volume's name; empty for {@link Type#TMPFS}
 * @param target the absolute path inside of the container
 * @param readOnly whether the container may only read
 * @param size the most bytes in memory; only for {@link Type#TMPFS}
 */
public record DockerMount(Type type, String source, String target, boolean readOnly, OptionalLong size) {
    /** Where the content is. */
    public enum Type {
        /** A path of the engine's host, which must exist. */
        BIND,
        /** A named volume of the engine, which is made when it does not exist and stays when containers go. */
        VOLUME,
        /** Memory: empty at the start of a container, gone at its end. */
        TMPFS
    }

    private static final Set<String> KEYS = Set.of("type", "source", "src", "target", "dst", "readonly", "size");
    private static final String FORM =
            "type=bind|volume|tmpfs,source=…,target=/PATH and readonly, or size=BYTES of tmpfs";

    /** Checks. */
    public DockerMount {
        if (!isPath(target)) {
            throw wrong("target '" + target + "' is not an absolute path in the container, other than /");
        }
        if (type == Type.BIND && !isPath(source)) {
            throw wrong("source '" + source + "' of a bind is not an absolute path of the engine's host");
        } else if (type == Type.VOLUME && !source.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}")) {
            throw wrong("source '" + source + "' is not the name of a volume: letters, digits, '_', '.' and '-'");
        } else if (type == Type.TMPFS && !source.isEmpty()) {
            throw wrong("tmpfs is memory, and has no source such as '" + source + "'");
        } else if (type == Type.TMPFS && readOnly) {
            throw wrong("tmpfs that is read-only would stay empty");
        }
        if (size.isPresent() && (type != Type.TMPFS || size.getAsLong() < 4096)) {
            throw wrong("size " + size.getAsLong() + " is for tmpfs, and 4096 or more");
        }
    }

    /** A path of the engine's host. */
    public static DockerMount bind(String source, String target) {
        return new DockerMount(Type.BIND, source, target, false, OptionalLong.empty());
    }

    /** A named volume of the engine. */
    public static DockerMount volume(String name, String target) {
        return new DockerMount(Type.VOLUME, name, target, false, OptionalLong.empty());
    }

    /** Memory of at most this many bytes. */
    public static DockerMount tmpfs(String target, long size) {
        return new DockerMount(Type.TMPFS, "", target, false, OptionalLong.of(size));
    }

    /** The same, which the container may only read. */
    public DockerMount asReadOnly() {
        return new DockerMount(type, source, target, true, size);
    }

    /**
     * A mount in the form of Docker's {@code --mount}, such as {@code type=bind,source=/srv,target=/data,readonly}.
     *
     * @throws IllegalArgumentException if it is not; the message names what is wrong and what is allowed
     */
    public static DockerMount parse(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (!KEYS.contains(key)) {
                throw wrong("'" + key + "' in '" + text + "' is not known");
            } else if (parts.put(
                            key.equals("src") ? "source" : key.equals("dst") ? "target" : key,
                            part.substring(equals + 1))
                    != null) {
                throw wrong("'" + key + "' stands twice in '" + text + "'");
            }
        }
        String readOnly = parts.getOrDefault("readonly", "false");
        if (!Set.of("readonly", "true", "false").contains(readOnly)) {
            throw wrong("readonly is true or false, not '" + readOnly + "'");
        }
        return new DockerMount(
                type(parts.getOrDefault("type", "volume")),
                parts.getOrDefault("source", ""),
                parts.getOrDefault("target", ""),
                !readOnly.equals("false"),
                size(parts.get("size")));
    }

    private static Type type(String text) {
        return Arrays.stream(Type.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong("type '" + text + "' is not bind, volume or tmpfs"));
    }

    private static OptionalLong size(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        } else if (!text.matches("[1-9][0-9]{0,15}")) {
            throw wrong("size '" + text + "' is not a number of bytes");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static boolean isPath(String path) {
        return path.startsWith("/") && path.length() > 1 && path.chars().noneMatch(c -> c < ' ' || c == 127);
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("mount: " + VisibleOutput.of(what) + "; allowed: " + FORM);
    }
}
