package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Unix domain socket of a listener. Immutable.
 *
 * @param path the absolute path
 * @param mode the permissions of its file; if absent, the umask of the process decides
 */
record UnixListen(String path, Optional<Set<PosixFilePermission>> mode) implements ListenAddress {
    static final String PREFIX = "unix:";

    private static final Pattern SYNTAX = Pattern.compile("unix:(?<path>[^,]*)(?:,mode=(?<mode>[0-7]{3}))?");
    private static final String ALLOWED = "unix:/path[,mode=660], where the path is an absolute path of at most 106"
            + " bytes, without blanks, commas and control characters, and the mode has three octal digits";

    static UnixListen parse(String option, String value) {
        Matcher matcher = SYNTAX.matcher(value);
        try {
            if (matcher.matches()) {
                Address.unix(matcher.group("path"));
                return new UnixListen(
                        matcher.group("path"),
                        Optional.ofNullable(matcher.group("mode")).map(UnixListen::permissions));
            }
        } catch (IllegalArgumentException wrongPath) {
            // refused below
        }
        throw new SettingException(option, value, ALLOWED);
    }

    /** Returns the permissions of an octal mode. */
    private static Set<PosixFilePermission> permissions(String octal) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < octal.length(); i++) {
            int bits = octal.charAt(i) - '0';
            letters.append((bits & 4) != 0 ? 'r' : '-')
                    .append((bits & 2) != 0 ? 'w' : '-')
                    .append((bits & 1) != 0 ? 'x' : '-');
        }
        return PosixFilePermissions.fromString(letters.toString());
    }

    @Override
    public String host() {
        return path;
    }

    @Override
    public String portName() {
        return "unix";
    }

    @Override
    public boolean isLocal(String option) {
        return true;
    }

    @Override
    public void requireFree(String option) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try {
            ReverseProxy.requireFree(address);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + PREFIX + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void applyTo(ReverseProxyBuilder builder, String option) {
        builder.listen(UnixDomainSocketAddress.of(path));
        mode.ifPresent(builder::socketPermissions);
    }
}
