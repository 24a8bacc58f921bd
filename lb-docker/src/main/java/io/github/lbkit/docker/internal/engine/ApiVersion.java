package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.docker.EngineException;

/** A version of the engine's API, such as 1.41. Immutable. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest supported version, that of Docker 19.03. */
    static final ApiVersion OLDEST = new ApiVersion(1, 40);

    /**
     * The newest version that this module was checked against, that of Docker 28. A newer engine is asked for this one.
     */
    static final ApiVersion NEWEST = new ApiVersion(1, 48);

    /** Returns the newest version that both sides support; the engine's oldest if that is newer than all of ours. */
    static ApiVersion negotiate(Json answer, EngineAddress address) {
        ApiVersion newest = parse(answer.at("ApiVersion").text(""), NEWEST);
        ApiVersion oldest = parse(answer.at("MinAPIVersion").text(""), OLDEST);
        if (newest.compareTo(OLDEST) < 0) {
            throw new EngineException.Refused("the engine at " + address + " supports version " + newest
                    + " of its API at most; required is " + OLDEST + ", which is Docker 19.03");
        }
        ApiVersion common = newest.compareTo(NEWEST) < 0 ? newest : NEWEST;
        return common.compareTo(oldest) < 0 ? oldest : common;
    }

    private static ApiVersion parse(String text, ApiVersion otherwise) {
        String[] parts = text.split("\\.", -1);
        try {
            return parts.length == 2
                    ? new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))
                    : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Returns the path with this version as its prefix. */
    String path(String path) {
        return "/v" + this + path;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
