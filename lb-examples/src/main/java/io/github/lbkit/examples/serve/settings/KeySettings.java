package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.KeyExtractor;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The setting of {@code serve} that names the key of a request. */
public final class KeySettings {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "request-id",
            description = "the part of a request that is its routing key: request-id, client-ip, path, header:NAME,"
                    + " cookie:NAME, query:NAME, client-certificate for the subject of the client's verified"
                    + " certificate (default: ${DEFAULT-VALUE})")
    private String key = "request-id";

    KeySettings() {}

    /** The key, as given. */
    public String name() {
        return key;
    }

    /** Returns the extractor of the key; refuses a name that is not allowed. */
    public KeyExtractor extractor() {
        int colon = key.indexOf(':');
        String name = colon < 0 ? "" : key.substring(colon + 1);
        Optional<KeyExtractor> extractor = colon < 0 ? unnamed(key) : named(key.substring(0, colon), name);
        return extractor.orElseThrow(() -> new SettingException(
                "--key", key, "request-id, client-ip, client-certificate, path, header:NAME, cookie:NAME, query:NAME"));
    }

    private static Optional<KeyExtractor> unnamed(String kind) {
        return switch (kind) {
            case "request-id" -> Optional.of(KeyExtractor.requestId());
            case "client-ip" -> Optional.of(KeyExtractor.clientIp());
            case "client-certificate" -> Optional.of(KeyExtractor.clientCertificate());
            case "path" -> Optional.of(KeyExtractor.path());
            default -> Optional.empty();
        };
    }

    private static Optional<KeyExtractor> named(String kind, String name) {
        return name.isBlank()
                ? Optional.empty()
                : switch (kind) {
                    case "header" -> Optional.of(KeyExtractor.header(name));
                    case "cookie" -> Optional.of(KeyExtractor.cookie(name));
                    case "query" -> Optional.of(KeyExtractor.query(name));
                    default -> Optional.empty();
                };
    }
}
