package io.github.lbkit.testkit.docker;

/**
 * What a {@link FakeEngine} says that it is. Immutable.
 *
 * @param engine the engine's own version, such as {@code 20.10.24}
 * @param api the newest API version that it speaks, such as {@code 1.41}
 * @param minApi the oldest API version that it still speaks
 */
public record EngineVersion(String engine, String api, String minApi) {
    /** An engine of 2016, older than every version that today's clients name. */
    public static final EngineVersion V1_12 = new EngineVersion("1.12.6", "1.24", "1.12");

    /** An engine of 2020, as long-lived distributions still have it. */
    public static final EngineVersion V20_10 = new EngineVersion("20.10.24", "1.41", "1.12");

    /** An engine of 2025 that refuses old API versions. */
    public static final EngineVersion V29 = new EngineVersion("29.0.1", "1.52", "1.44");

    /** Checks. */
    public EngineVersion {
        if (number(minApi) > number(api)) {
            throw new IllegalArgumentException("API " + minApi + " is not older than " + api);
        }
    }

    /** The newest API version as a number to compare: 1041 for 1.41. */
    int newest() {
        return number(api);
    }

    /** The oldest API version as a number to compare. */
    int oldest() {
        return number(minApi);
    }

    static int number(String version) {
        int dot = version.indexOf('.');
        if (dot < 1 || !version.matches("\\d{1,3}\\.\\d{1,3}")) {
            throw new IllegalArgumentException("API version '" + version + "' is not two numbers and a dot");
        }
        return Integer.parseInt(version.substring(0, dot)) * 1000 + Integer.parseInt(version.substring(dot + 1));
    }
}
