package io.github.lbkit.api;

/** One choice: a server to try, or the reason why there is none. */
public sealed interface Pick permits Attempt, NoServer {}
