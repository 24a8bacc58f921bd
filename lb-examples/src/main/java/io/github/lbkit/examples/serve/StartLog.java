package io.github.lbkit.examples.serve;

import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.examples.serve.settings.SocketPlace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.OptionSpec;

/** The log line of a start: version, JDK, listeners, pool, policy, and the settings that differ from the default. */
final class StartLog {
    private static final Logger LOG = LoggerFactory.getLogger(StartLog.class);

    private StartLog() {}

    static void log(Balancer balancer, String version, ServeSettings settings, List<OptionSpec> options) {
        String listen = balancer.url();
        String admin = balancer.adminSocketAddress().map(a -> SocketPlace.of(a)).orElse("off");
        Map<String, String> changed = changed(options);
        String java = System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")";
        LOG.atInfo()
                .addKeyValue("event", "started")
                .addKeyValue("version", version)
                .addKeyValue("java", java)
                .addKeyValue("pid", ProcessHandle.current().pid())
                .addKeyValue("listen", listen)
                .addKeyValue("admin", admin)
                .addKeyValue("pool", balancer.loadBalancer().pool().name())
                .addKeyValue("policy", settings.policyOptions().name())
                .addKeyValue("settings", changed)
                .log(
                        "started {} on Java {}, process {}: clients at {}, operators at {}, pool {} from {}, policy {},"
                                + " settings {}",
                        version,
                        java,
                        ProcessHandle.current().pid(),
                        listen,
                        admin,
                        balancer.loadBalancer().pool().name(),
                        Secrets.masked(settings.pool().given()),
                        settings.policyOptions().name(),
                        changed);
    }

    /** Returns the options whose value differs from the default, without secrets. */
    static Map<String, String> changed(List<OptionSpec> options) {
        Map<String, String> changed = new TreeMap<>();
        for (OptionSpec option : options) {
            String byDefault = Optional.ofNullable(option.defaultValue()).orElse("");
            String value = text(option.getValue());
            if (!value.equals(byDefault) && !(byDefault.isEmpty() && value.equals("false"))) {
                changed.put(
                        option.longestName(),
                        Secrets.masked(option.longestName().replaceFirst("^-+", ""), value));
            }
        }
        return changed;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(StartLog::text).orElse("");
        }
        if (value instanceof Collection<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(part -> parts.add(text(part)));
            return String.join(",", parts);
        }
        if (value instanceof Map<?, ?> map) {
            List<String> parts = new ArrayList<>();
            map.forEach((name, part) -> parts.add(name + "=" + text(part)));
            return String.join(",", parts);
        }
        return value == null ? "" : String.valueOf(value);
    }
}
