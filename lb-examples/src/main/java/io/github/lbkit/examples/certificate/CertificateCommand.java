package io.github.lbkit.examples.certificate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that makes a self-signed certificate with its key, as PEM files, for trying out TLS. */
@Command(
        name = "certificate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes a self-signed certificate for trying out TLS. Clients must be told to trust it.")
public final class CertificateCommand implements Callable<Integer> {
    private static final int MAX_DAYS = 3650;
    private static final Pattern LABELS = Pattern.compile("(?:\\*\\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "localhost,127.0.0.1,::1",
            split = ",",
            description = "a name or an IP address that the certificate is valid for; may be given several times"
                    + " (default: ${DEFAULT-VALUE})")
    private List<String> hosts = List.of();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "365",
            description = "the number of days that the certificate is valid, 1 to 3650 (default: ${DEFAULT-VALUE})")
    private int days = 365;

    @Option(
            names = "--key",
            paramLabel = "ec|rsa",
            defaultValue = "ec",
            description = "the kind of the key: EC on the curve P-256, or RSA with 2048 bits (default:"
                    + " ${DEFAULT-VALUE})")
    private String key = "ec";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "the directory for the files cert.pem and key.pem (default: the current one)")
    private Path out = Path.of(".");

    @Option(names = "--force", description = "replace files that exist")
    private boolean force;

    /** Creates the command; picocli calls this. */
    public CertificateCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Path certificateFile = out.resolve("cert.pem");
        Path keyFile = out.resolve("key.pem");
        PemOutput output = new PemOutput(force);
        output.check(List.of(certificateFile, keyFile));
        SelfSigned made =
                SelfSigned.make(hosts, days, key.toLowerCase(Locale.ROOT).equals("rsa"));
        output.writePrivate(keyFile, made.keyPem());
        output.write(certificateFile, made.certificatePem());
        var console = spec.commandLine().getOut();
        console.println("wrote " + certificateFile + " and " + keyFile + ", valid for " + String.join(", ", hosts)
                + " until " + made.end());
        console.println("try it: serve --tls-certificate " + certificateFile + ":" + keyFile);
        console.println("        curl --cacert " + certificateFile + " https://" + urlHost() + ":7432/");
        console.flush();
        return 0;
    }

    private String urlHost() {
        String first = hosts.get(0);
        return first.indexOf(':') >= 0 ? "[" + first + "]" : first.replace("*", "www");
    }

    private void check() {
        if (hosts.isEmpty()) {
            throw refused("--host", "", "a name or an IP address");
        }
        for (String host : hosts) {
            boolean isName = LABELS.matcher(host).matches() && !host.contains("..");
            if (!isName && !IPV6.matcher(host).matches()) {
                throw refused("--host", host, "a name such as shop.test or *.shop.test, or an IP address");
            }
        }
        if (days < 1 || days > MAX_DAYS) {
            throw refused("--days", String.valueOf(days), "1 to " + MAX_DAYS);
        }
        if (!List.of("ec", "rsa").contains(key.toLowerCase(Locale.ROOT))) {
            throw refused("--key", key, "ec, rsa");
        }
    }

    private ParameterException refused(String option, String value, String allowed) {
        return new ParameterException(
                spec.commandLine(), option + " '" + value + "' is not allowed; allowed: " + allowed);
    }
}
