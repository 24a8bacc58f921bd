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
 * A mount in a container: a directory or file of the host, a volume, or memory. Immutable.
 *
 * @param type the kind of the source
 * @param source the path on the engine's host, or the volume's name; empty for {@link Type#TMPFS}
 * @param target the absolute path inside the container
 * @param readOnly true if the container may only read
 * @param size the maximum number of bytes in memory; only for {@link Type#TMPFS}
 */
public record DockerMount(Type type, String source, String target, boolean readOnly, OptionalLong size) {
    /** The kinds of sources. */
    public enum Type {
        /** A path of the engine's host, which must exist. */
        BIND,
        /**
         * A named volume of the engine. The engine creates it if it does not exist, and it stays when containers are
         * removed.
         */
        VOLUME,
        /** Memory, which is empty when the container starts and lost when it ends. */
        TMPFS
    }

    private static final Set<String> KEYS = Set.of("type", "source", "src", "target", "dst", "readonly", "size");
    private static final String FORM =
            "type=bind|volume|tmpfs,source=…,target=/PATH and readonly, or size=BYTES of tmpfs";

    /** Checks the values. */
    public DockerMount {
        if (!isPath(target)) {
            throw invalid("target '" + target + "' is not an absolute path in the container, other than /");
        }
        if (type == Type.BIND && !isPath(source)) {
            throw invalid("source '" + source + "' of a bind is not an absolute path of the engine's host");
        } else if (type == Type.VOLUME && !source.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}")) {
            throw invalid("source '" + source + "' is not the name of a volume: letters, digits, '_', '.' and '-'");
        } else if (type == Type.TMPFS && !source.isEmpty()) {
            throw invalid("tmpfs is memory and has no source such as '" + source + "'");
        } else if (type == Type.TMPFS && readOnly) {
            throw invalid("tmpfs that is read-only would stay empty");
        }
        if (size.isPresent() && (type != Type.TMPFS || size.getAsLong() < 4096)) {
            throw invalid("size " + size.getAsLong() + " is for tmpfs, and 4096 or more");
        }
    }

    /** Returns a mount of a path of the engine's host. */
    public static DockerMount bind(String source, String target) {
        return new DockerMount(Type.BIND, source, target, false, OptionalLong.empty());
    }

    /** Returns a mount of a named volume of the engine. */
    public static DockerMount volume(String name, String target) {
        return new DockerMount(Type.VOLUME, name, target, false, OptionalLong.empty());
    }

    /**
     * Returns a mount of memory.
     *
     * @param size the maximum number of bytes
     */
    public static DockerMount tmpfs(String target, long size) {
        return new DockerMount(Type.TMPFS, "", target, false, OptionalLong.of(size));
    }

    /** Returns this mount for reading only. */
    public DockerMount asReadOnly() {
        return new DockerMount(type, source, target, true, size);
    }

    /**
     * Parses the form of Docker's option {@code --mount}, such as {@code type=bind,source=/srv,target=/data,readonly}.
     *
     * @throws IllegalArgumentException if the text has another form; the message names the error and what is allowed
     */
    public static DockerMount parse(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (!KEYS.contains(key)) {
                throw invalid("'" + key + "' in '" + text + "' is not known");
            } else if (parts.put(
                            key.equals("src") ? "source" : key.equals("dst") ? "target" : key,
                            part.substring(equals + 1))
                    != null) {
                throw invalid("'" + key + "' is given twice in '" + text + "'");
            }
        }
        String readOnly = parts.getOrDefault("readonly", "false");
        if (!Set.of("readonly", "true", "false").contains(readOnly)) {
            throw invalid("readonly is true or false, not '" + readOnly + "'");
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
                .filter(type -> type.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> invalid("type '" + text + "' is not bind, volume or tmpfs"));
    }

    private static OptionalLong size(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        } else if (!text.matches("[1-9][0-9]{0,15}")) {
            throw invalid("size '" + text + "' is not a number of bytes");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static boolean isPath(String path) {
        return path.startsWith("/") && path.length() > 1 && path.chars().noneMatch(c -> c < ' ' || c == 127);
    }

    private static IllegalArgumentException invalid(String reason) {
        return new IllegalArgumentException("mount: " + VisibleOutput.of(reason) + "; allowed: " + FORM);
    }
}
