package io.github.lbkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.health.WarmUp;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.examples.ReferenceTables.Row;
import io.github.lbkit.examples.rollout.RolloutCommand;
import io.github.lbkit.examples.serve.ServeCommand;
import io.github.lbkit.http.BalancedHttpClient;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.Limits;
import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.Timeouts;
import io.github.lbkit.http.TlsCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the reference says about settings is what the code does. */
class ReferenceTest {
    private static final String PACKAGE = "io.github.lbkit.";
    private static final Map<String, Setting> CLASSES = classes();

    private static Map<String, Setting> classes() {
        StaticPool pool = StaticPool.of("reference", Runtimes.system(), List.of());
        Map<String, Setting> all = new LinkedHashMap<>();
        all.put(
                "api.LoadBalancer.Builder",
                Setting.ofBuilder(() -> LoadBalancer.builder(pool, Policies.named("random", Map.of()))));
        all.put("api.health.Ejection.Builder", Setting.ofBuilder(Ejection::builder));
        all.put("api.health.WarmUp", Setting.ofRecord(new WarmUp(Duration.ofSeconds(1), 0.5)));
        all.put(
                "api.health.RetryBudget",
                Setting.ofConstructor(RetryBudget.class, List.of("ratio", "perSecond"), List.of(0.2, 1.0)));
        all.put(
                "api.health.HealthChecks.Builder",
                Setting.ofBuilder(() -> HealthChecks.builder(
                        (instance, timeout) -> CompletableFuture.completedFuture(ProbeResult.PASSED))));
        all.put("http.HttpProbe.Builder", Setting.ofBuilder(() -> HttpProbe.path("/")));
        all.put("http.ReverseProxyBuilder", Setting.ofBuilder(ReverseProxy::builder));
        all.put(
                "http.ListenerTls.Builder",
                Setting.ofBuilder(() -> ListenerTls.builder(TlsCertificate.of(Path.of("shop.pem")))));
        all.put("http.ServerTls.Builder", Setting.ofBuilder(ServerTls::builder));
        all.put("http.Timeouts.Builder", Setting.ofBuilder(Timeouts::builder));
        all.put("http.Limits.Builder", Setting.ofBuilder(Limits::builder));
        all.put("http.BalancedHttpClient.Builder", Setting.ofBuilder(BalancedHttpClient::builder));
        all.put("api.pool.supervised.SupervisedOptions.Builder", Setting.ofBuilder(SupervisedOptions::builder));
        all.put("api.pool.supervised.RolloutOptions", Setting.ofRecord(RolloutOptions.DEFAULTS));
        all.put(
                "api.pool.process.ProcessOptions.Builder",
                Setting.ofBuilder(() -> ProcessOptions.command(List.of("serve", "{port}"))));
        all.put("api.pool.dns.DnsOptions.Builder", Setting.ofBuilder(() -> DnsOptions.host("example.org", 80)));
        all.put("api.runtime.NameResolver.Caching", Setting.ofRecord(NameResolver.Caching.DEFAULTS));
        all.put("api.pool.FilePool.Options", Setting.ofRecord(FilePool.Options.DEFAULTS));
        all.put("api.pool.PriorityOptions", Setting.ofRecord(PriorityOptions.DEFAULTS));
        return all;
    }

    private final Map<String, List<Row>> tables = ReferenceTables.read();

    ReferenceTest() throws IOException {}

    @Test
    void each_class_of_settings_has_a_table_with_each_of_its_settings() {
        assertThat(tables.keySet().stream()
                        .filter(heading -> heading.startsWith(PACKAGE))
                        .map(heading -> heading.substring(PACKAGE.length())))
                .containsExactlyInAnyOrderElementsOf(CLASSES.keySet());
        SoftAssertions all = new SoftAssertions();
        CLASSES.forEach((name, setting) ->
                all.assertThat(names(PACKAGE + name)).as(name).containsExactlyInAnyOrderElementsOf(setting.names()));
        all.assertAll();
    }

    @Test
    void each_default_is_the_default() throws ReflectiveOperationException {
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<String, Setting> named : CLASSES.entrySet()) {
            for (Row row : tables.getOrDefault(PACKAGE + named.getKey(), List.of())) {
                if (!row.isProse(2)) {
                    all.assertThat(row.cell(2))
                            .as(named.getKey() + " " + row.name())
                            .isEqualTo(named.getValue().byDefault(row.name()));
                }
            }
        }
        all.assertAll();
    }

    @Test
    void the_ends_of_each_range_are_taken_and_what_lies_beyond_is_refused() throws ReflectiveOperationException {
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<String, Setting> named : CLASSES.entrySet()) {
            for (Row row : tables.getOrDefault(PACKAGE + named.getKey(), List.of())) {
                if (row.cell(3).isEmpty() || row.isProse(3)) {
                    continue;
                }
                Setting setting = named.getValue();
                Range range = Range.of(row.cell(3), setting.type(row.name()));
                for (Object value : range.allowed()) {
                    all.assertThat(setting.takes(row.name(), value))
                            .as(named.getKey() + " " + row.name() + " takes " + value)
                            .isTrue();
                }
                for (Object value : range.refused()) {
                    all.assertThat(setting.takes(row.name(), value))
                            .as(named.getKey() + " " + row.name() + " takes " + value)
                            .isFalse();
                }
            }
        }
        all.assertAll();
    }

    @Test
    void each_policy_stands_there_with_its_options() {
        assertThat(byName("Policies by name")).isEqualTo(joined(Policies.names()));
    }

    @Test
    void each_pool_stands_there_with_its_options() {
        Map<String, Set<String>> pools = new TreeMap<>();
        for (ServerPoolProvider provider : ServiceLoader.load(ServerPoolProvider.class)) {
            pools.put(provider.scheme() + ":", provider.options());
        }
        assertThat(byName("Pools by URI")).isEqualTo(joined(pools));
    }

    @Test
    void each_option_of_serve_stands_there_with_its_default() {
        assertThat(byName("serve")).isEqualTo(options(new ServeCommand()));
    }

    @Test
    void each_option_of_rollout_stands_there_with_its_default() {
        assertThat(byName("rollout")).isEqualTo(options(new RolloutCommand()));
    }

    private static Map<String, String> options(Object command) {
        Map<String, String> options = new TreeMap<>();
        for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp() && !option.hidden()) {
                String value = option.defaultValue();
                options.put(option.longestName(), value == null ? "" : value);
            }
        }
        return options;
    }

    private Set<String> names(String table) {
        return tables.getOrDefault(table, List.of()).stream()
                .map(Row::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, String> byName(String table) {
        Map<String, String> found = new TreeMap<>();
        for (Row row : tables.getOrDefault(table, List.of())) {
            found.put(row.name().replace("`", ""), row.cell(1).replace("`", ""));
        }
        return found;
    }

    private static Map<String, String> joined(Map<String, Set<String>> names) {
        Map<String, String> joined = new TreeMap<>();
        names.forEach((name, options) -> joined.put(name, String.join(", ", new TreeSet<>(options))));
        return joined;
    }
}
