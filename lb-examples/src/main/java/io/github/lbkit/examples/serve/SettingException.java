package io.github.lbkit.examples.serve;

import io.github.lbkit.examples.secret.Secrets;

/** A setting that is wrong; nothing was started. */
final class SettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Names the option, its value and what is allowed. */
    SettingException(String option, String value, String allowed) {
        super(option + " '" + Secrets.masked(value) + "' is not allowed; allowed: " + allowed);
    }
}
