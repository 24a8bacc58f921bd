package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.http.ApiVersions;

/**
 * The versions that a {@link FakeEngine} reports. Immutable.
 *
 * @param engine the version of the engine, such as {@code 20.10.24}
 * @param api the newest API version that the engine supports, such as {@code 1.41}
 * @param minApi the oldest API version that the engine supports
 */
public record EngineVersion(String engine, String api, String minApi) {
    /** An engine of 2016, older than every API version that current clients request. */
    public static final EngineVersion V1_12 = new EngineVersion("1.12.6", "1.24", "1.12");

    /** An engine of 2020, as long-term distributions ship it. */
    public static final EngineVersion V20_10 = new EngineVersion("20.10.24", "1.41", "1.12");

    /** An engine of 2025, which refuses old API versions. */
    public static final EngineVersion V29 = new EngineVersion("29.0.1", "1.52", "1.44");

    /** Checks that the API versions are numbers and that the oldest is not above the newest. */
    public EngineVersion {
        ApiVersions unused = new ApiVersions(engine, api, minApi);
    }

    ApiVersions versions() {
        return new ApiVersions(engine, api, minApi);
    }
}
