package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.examples.secret.TokenFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} that protect its own endpoints: host names, the token, and reads without the token. */
public final class AccessSettings {
    @Option(
            names = "--host-names",
            paramLabel = "NAME",
            split = ",",
            description = "further host names that clients may use for the reserved paths and the admin listener")
    private List<String> hostNames = new ArrayList<>();

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description =
                    "a file with the bearer token of the operators. Changes need the token. So does every request to"
                            + " the"
                            + " admin listener, except /health, /ready and the files of the dashboard. The file is read"
                            + " again when it changes. Required when a listener that accepts changes is not on"
                            + " loopback")
    private Optional<Path> adminTokenFile = Optional.empty();

    @Option(
            names = "--admin-without-token",
            description = "accept changes without a token on a listener that is not on loopback")
    private boolean adminWithoutToken;

    @Option(
            names = "--admin-open-reads",
            description = "answer GET and HEAD on the admin listener without the token of --admin-token-file")
    private boolean openReads;

    AccessSettings() {}

    /** Refuses settings that contradict each other. */
    void check() {
        if (openReads && adminTokenFile.isEmpty()) {
            throw new IllegalArgumentException("--admin-open-reads needs --admin-token-file FILE: without a token every"
                    + " request to the admin listener is open");
        }
    }

    /** The further host names of the listeners. */
    public List<String> hostNames() {
        return List.copyOf(hostNames);
    }

    /** Returns whether GET and HEAD requests to the admin listener need no token. */
    public boolean openReads() {
        return openReads;
    }

    /** Returns whether the operators have a token. */
    public boolean hasToken() {
        return adminTokenFile.isPresent();
    }

    /**
     * Returns whether changes are refused at the start because they would need no token: no file, and no explicit
     * consent.
     */
    boolean lacksToken() {
        return adminTokenFile.isEmpty() && !adminWithoutToken;
    }

    /** Opens the file with the token, if one is set. */
    Optional<TokenFile> openTokenFile() {
        return adminTokenFile.map(TokenFile::open);
    }
}
