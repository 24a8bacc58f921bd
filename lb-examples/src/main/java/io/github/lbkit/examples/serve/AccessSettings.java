package io.github.lbkit.examples.serve;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} that decide who may read from the admin listener. */
final class AccessSettings {
    @Option(
            names = "--admin-open-reads",
            description = "let the admin listener answer GET and HEAD without the token of --admin-token-file")
    boolean openReads;

    /** Refuses what is not allowed. */
    void check(Optional<Path> tokenFile) {
        if (openReads && tokenFile.isEmpty()) {
            throw new IllegalArgumentException("--admin-open-reads needs --admin-token-file FILE: without a token every"
                    + " request to the admin listener is open");
        }
    }
}
