package io.github.lbkit.http.internal.wire;

/** A limit that a message can exceed, with the names of its setting and its option. */
public enum Limit {
    /** The longest request line. */
    REQUEST_LINE("request line", "requestLine", "--max-request-line"),
    /** The longest head of a request. */
    REQUEST_HEAD("request head", "requestHead", "--max-request-head"),
    /** The most fields of a request. */
    REQUEST_FIELDS("number of request fields", "requestFields", "--max-request-fields"),
    /** The longest body of a request. */
    REQUEST_BODY("request body", "requestBody", "--max-body"),
    /** The longest head of a response. */
    RESPONSE_HEAD("response head", "responseHead", "--max-response-head"),
    /** The most fields of a response. */
    RESPONSE_FIELDS("number of response fields", "responseFields", "--max-response-fields");

    private final String description;
    private final String setting;
    private final String option;

    Limit(String description, String setting, String option) {
        this.description = description;
        this.setting = setting;
        this.option = option;
    }

    /** Returns the exception for a message that exceeds this limit. Its message names the settings and their value. */
    public BadMessageException exceeded(int status, long value) {
        return new BadMessageException(
                status, description + " larger than " + option + "/Limits." + setting + " " + value, this);
    }
}
