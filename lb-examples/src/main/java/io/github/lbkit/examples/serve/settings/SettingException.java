package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.examples.secret.Secrets;

/** A setting whose value is not allowed. Nothing has been started when it is thrown. */
final class SettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the option, its value without secrets, and the allowed values. */
    SettingException(String option, String value, String allowed) {
        super(option + " '" + Secrets.masked(value) + "' is not allowed; allowed: " + allowed);
    }
}
