package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.docker.EngineException;

/** A version of the engine's API, such as 1.41. Immutable. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest that has all that is used here: Docker 19.03. */
    static final ApiVersion OLDEST = new ApiVersion(1, 40);

    /** The newest whose changes have been read: Docker 28. Of a newer engine, this is asked for. */
    static final ApiVersion NEWEST = new ApiVersion(1, 48);

    /** The version that both sides know; of an engine that has left all of ours behind, its oldest. */
    static ApiVersion negotiate(Json said, EngineAddress address) {
        ApiVersion newest = parse(said.at("ApiVersion").text(""), NEWEST);
        ApiVersion oldest = parse(said.at("MinAPIVersion").text(""), OLDEST);
        if (newest.compareTo(OLDEST) < 0) {
            throw new EngineException.Refused("the engine at " + address + " speaks version " + newest
                    + " of its API at most; needed is " + OLDEST + ", which is Docker 19.03");
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
