package io.github.lbkit.examples.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed certificate with its key, made by the JDK's own {@code keytool}. Immutable.
 *
 * @param keyPem the key in PKCS#8
 * @param end the end of validity
 */
record SelfSigned(String certificatePem, String keyPem, Instant end) {
    private static final long LIMIT_SECONDS = 60;
    private static final int LINE = 64;
    private static final String ALIAS = "lbkit";
    private static final String PASSWORD = "LBKIT_KEYTOOL_PASSWORD";

    /** Makes a certificate that is valid from now on for these hosts, the first of which is its common name. */
    static SelfSigned make(List<String> hosts, int days, boolean rsa) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("lbkit-certificate"); // only its owner can read it
        Path store = directory.resolve("store.p12");
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        try {
            run(command(store, hosts, days, rsa), password);
            return read(store, password);
        } finally {
            Files.deleteIfExists(store);
            Files.delete(directory);
        }
    }

    private static List<String> command(Path store, List<String> hosts, int days, boolean rsa) {
        List<String> names = new ArrayList<>();
        for (String host : hosts) {
            boolean isAddress = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            names.add((isAddress ? "ip:" : "dns:") + host);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass:env", PASSWORD));
        command.addAll(
                rsa
                        ? List.of("-keyalg", "RSA", "-keysize", "2048")
                        : List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-alias", ALIAS, "-validity", String.valueOf(days), "-dname", "CN=" + hosts.get(0)));
        command.addAll(List.of("-ext", "san=" + String.join(",", names), "-ext", "eku=serverAuth,clientAuth"));
        return command;
    }

    private static void run(List<String> command, String password) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(PASSWORD, password);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("the JDK's " + command.get(0) + " cannot be started: " + e.getMessage(), e);
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("keytool has not finished within " + LIMIT_SECONDS + " seconds");
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool has failed: " + output.strip());
        }
    }

    private static SelfSigned read(Path file, String password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            Key key = store.getKey(ALIAS, password.toCharArray());
            X509Certificate certificate = (X509Certificate) store.getCertificate(ALIAS);
            return new SelfSigned(
                    pem("CERTIFICATE", certificate.getEncoded()),
                    pem("PRIVATE KEY", key.getEncoded()),
                    certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IOException("the file that keytool wrote cannot be read", e);
        }
    }

    private static String pem(String label, byte[] der) {
        Base64.Encoder encoder = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + encoder.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
