package io.github.lbkit.testkit.docker.internal.http;

/**
 * The versions that a fake engine reports, with the API versions as comparable numbers. Immutable.
 *
 * @param engine the version of the engine, such as {@code 20.10.24}
 * @param api the newest API version that the engine supports, such as {@code 1.41}
 * @param minApi the oldest API version that the engine supports
 */
public record ApiVersions(String engine, String api, String minApi) {
    /** Checks that the oldest API version is not above the newest. */
    public ApiVersions {
        if (number(minApi) > number(api)) {
            throw new IllegalArgumentException("minApi " + minApi + " is above api " + api);
        }
    }

    /** Returns the newest supported API version as a number: 1041 for 1.41. */
    public int newest() {
        return number(api);
    }

    /** Throws an {@link EngineError} if this API version of a request is not supported. */
    void check(String requested) {
        int number = number(requested);
        if (number > newest()) {
            throw new EngineError(
                    400, "client version " + requested + " is too new. Maximum supported API version is " + api);
        }
        if (number < number(minApi)) {
            throw new EngineError(
                    400,
                    "client version " + requested + " is too old. Minimum supported API version is " + minApi
                            + ", please upgrade your client to a newer version");
        }
    }

    private static int number(String version) {
        int dot = version.indexOf('.');
        if (dot < 1 || !version.matches("\\d{1,3}\\.\\d{1,3}")) {
            throw new IllegalArgumentException("API version '" + version + "' is not two numbers and a dot");
        }
        return Integer.parseInt(version.substring(0, dot)) * 1000 + Integer.parseInt(version.substring(dot + 1));
    }
}
