package io.github.lbkit.http.internal.tls;

import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.internal.tls.material.Contents;
import io.github.lbkit.http.internal.tls.material.Identities;
import io.github.lbkit.http.internal.tls.material.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks the files of settings. A pipe is left out with the files that belong to it, because it can be read only once.
 * Stateless.
 *
 * <p>Every method throws {@link IllegalArgumentException} if a file cannot be read or is wrong; the message names the
 * file.
 */
public final class TlsFiles {
    private TlsFiles() {}

    /** Checks the files of a listener. */
    public static void check(ListenerTls settings) {
        settings.certificates().forEach(TlsFiles::check);
        settings.clientAuthorities().ifPresent(authorities -> check(authorities, settings.clientRevocations()));
    }

    /** Checks the files for connections to servers. */
    public static void check(ServerTls settings) {
        settings.certificate().ifPresent(TlsFiles::check);
        settings.authorities().ifPresent(authorities -> check(authorities, Optional.empty()));
    }

    private static void check(TlsCertificate certificate) {
        check(Identities.files(certificate), read -> Identities.read(certificate, read));
    }

    private static void check(Path authorities, Optional<Path> revocations) {
        check(Trust.files(authorities, revocations), read -> Trust.read(authorities, revocations, read));
    }

    private static void check(Set<Path> files, Consumer<Contents> reader) {
        if (files.stream().noneMatch(file -> Files.exists(file) && !Files.isRegularFile(file))) {
            reader.accept(Contents.read(files));
        }
    }
}
