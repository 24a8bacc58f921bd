package io.github.lbkit.examples.serve;

/** A setting that is wrong; nothing was started. */
final class SettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Names the option, its value and what is allowed. */
    SettingException(String option, String value, String allowed) {
        super(option + " '" + value + "' is not allowed; allowed: " + allowed);
    }
}
