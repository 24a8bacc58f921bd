package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.examples.condition.ServerConditions;
import io.github.lbkit.examples.metrics.BalancerMetrics;
import io.github.lbkit.examples.secret.Secrets;
import io.github.lbkit.examples.serve.endpoint.admin.AdminEndpoints;
import io.github.lbkit.examples.serve.endpoint.admin.HealthEndpoints;
import io.github.lbkit.examples.serve.endpoint.admin.ViewEndpoints;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.examples.testing.Browser;
import io.github.lbkit.examples.testing.NeedsChromium;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.testkit.ScriptedPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A pool of somebody else's may name its servers as it likes: the page shows the name as it is, and runs none of it.
 */
@NeedsChromium
class HostileNameTest {
    private static final String NAME = "\"><img src=x onerror='document.title=\"taken\"'><script>top.taken=1</script>";

    @AfterAll
    static void endTheBrowser() {
        Browser.quit();
    }

    @Test
    void a_name_that_is_markup_is_shown_as_text() throws Exception {
        ScriptedPool pool = new ScriptedPool("hostile");
        pool.publish(Server.ready(NAME, new Instance(NAME, Address.of("127.0.0.1", 1), 1)));
        Dashboard dashboard = new Dashboard(Runtimes.system(), Secrets.of(List.of()));
        BalancerMetrics metrics = new BalancerMetrics();
        LoadBalancer balancer = LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
                .listener(dashboard.listener())
                .listener(metrics.listener())
                .build();
        metrics.show(balancer);
        dashboard.show(balancer);
        pool.report(new PoolEvent.Lost(new InstanceId(NAME, 1), NAME));
        ViewEndpoints views = new ViewEndpoints(metrics, dashboard);
        ServerConditions conditions = new ServerConditions();
        HealthEndpoints health = new HealthEndpoints(balancer, conditions, Map::of, () -> false);
        AdminEndpoints admin = new AdminEndpoints(balancer, new ServeSettings(), conditions, health, views);
        ReverseProxyBuilder builder =
                ReverseProxy.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).stream(
                                ViewEndpoints.EVENTS, views::events)
                        .fallback(4096, admin.fallback(Set.of()));
        admin.readers().forEach((path, handler) -> builder.route(path, 0, handler));
        try (ReverseProxy proxy = builder.start();
                Browser browser = Browser.desktop().open(proxy.address())) {
            browser.awaitText("headline", "The server is ready");
            browser.type("key", NAME);
            browser.find("#explain button").click();
            browser.awaitText("explained", NAME);

            assertThat(browser.rows().get(0)).startsWith(NAME);
            assertThat(browser.text("timeline")).contains("lost: " + NAME);
            browser.find("#rows button").click();
            assertThat(browser.text("dialog-title")).isEqualTo(NAME);
            assertThat(browser.js("return typeof top.taken")).isEqualTo("undefined");
            assertThat(browser.js("return document.querySelectorAll('img[src=x]').length"))
                    .isEqualTo(0L);
            assertThat(browser.js("return document.title")).isEqualTo("The server is ready · lbkit");
        } finally {
            dashboard.close();
            balancer.close();
            metrics.close();
        }
    }
}
