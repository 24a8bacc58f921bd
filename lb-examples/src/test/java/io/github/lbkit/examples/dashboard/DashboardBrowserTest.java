package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.Browser;
import io.github.lbkit.examples.testing.NeedsChromium;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The dashboard as a person uses it, in a real browser; every test ends by looking at the console. */
@NeedsChromium
class DashboardBrowserTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path state;

    @AfterAll
    static void endTheBrowser() {
        Browser.quit();
    }

    @Test
    void an_ejection_is_shown_with_its_reason_and_its_time_and_an_operator_ends_it() throws Exception {
        DemoServer.Load failing = new DemoServer.Load(Duration.ZERO, 1, false);
        try (DemoServer bad = DemoServer.start("bad", ANY_PORT, failing);
                DemoServer good = DemoServer.start("good", ANY_PORT, DemoServer.Load.NONE);
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--policy",
                        "round-robin",
                        "--pool",
                        "static:bad=127.0.0.1:" + bad.address().getPort() + ",good=127.0.0.1:"
                                + good.address().getPort());
                Browser browser = Browser.desktop().open(running.admin)) {
            for (int i = 0; i < 60; i++) { // ejections that follow each other are longer
                running.get("/home");
                if (i < 40) {
                    running.balancer.loadBalancer().endEjection("bad");
                }
            }
            browser.awaitRow("bad", "ejected");
            browser.awaitRow("bad", " s left: failures in a row");

            browser.change("bad");
            browser.choose("readmit");
            browser.confirm("before its ejection is over");

            browser.awaitRow("bad", "ready");
        }
    }

    @Test
    void servers_are_added_drained_replaced_and_removed_with_the_plan_shown_first() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2");
                Browser browser = Browser.desktop().open(running.admin)) {
            browser.awaitText("headline", "All 2 servers are ready");

            browser.find("#add").click();
            browser.type("dialog-ids", "S9");
            browser.awaitText("dialog-text", "With S9, ");
            assertThat(browser.text("dialog-text")).containsPattern("3[0-9] % of all keys get another server");
            assertThat(browser.text("dialog-moves")).contains("→ S9");
            assertThat(running.get("/rep").body()).as("nothing was done yet").doesNotContain("S9");
            browser.confirm("With S9");
            browser.awaitRow("S9", "ready");
            browser.awaitText("headline", "All 3 servers are ready");

            browser.change("S9");
            browser.choose("drain");
            browser.confirm("No key changes its owner");
            browser.awaitRow("S9", "held back");
            browser.awaitText("details", "S9 is held back by the operator");
            browser.change("S9");
            browser.choose("resume");
            browser.confirm("return to it");
            browser.awaitRow("S9", "ready");

            long before = generation(running, "S9");
            browser.change("S9");
            browser.choose("replace");
            browser.confirm("No key changes its server");
            RunningBalancer.await("another instance", () -> generation(running, "S9") > before);

            browser.change("S9");
            browser.choose("remove");
            browser.awaitText("dialog-moves", "S9 →");
            browser.confirm("Without S9");
            RunningBalancer.await("gone", () -> browser.rows().stream().noneMatch(row -> row.startsWith("S9")));
            assertThat(running.get("/rep").body()).contains("\"N\":2");
        }
    }

    private static long generation(RunningBalancer running, String id) {
        return running.balancer
                .loadBalancer()
                .membership()
                .server(id)
                .flatMap(server -> server.instance())
                .map(instance -> instance.generation())
                .orElse(0L);
    }

    @Test
    void servers_without_names_are_added_under_the_names_that_the_plan_showed() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1");
                Browser browser = Browser.desktop().open(running.admin)) {
            browser.awaitText("headline", "The server is ready");
            browser.find("#add").click();
            browser.type("dialog-count", "2");
            browser.awaitText("dialog-text", ", S-");
            String plan = browser.text("dialog-text");
            browser.confirm("With ");
            browser.awaitText("headline", "All 3 servers are ready");

            assertThat(browser.rows().stream().filter(row -> row.startsWith("S-")))
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(plan).contains(row.substring(0, 8)));
        }
    }

    @Test
    void a_killed_server_turns_up_and_recovers() throws Exception {
        Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2")) {
            ProcessHandle victim = ProcessHandle.current()
                    .children()
                    .filter(child -> !others.contains(child))
                    .findFirst()
                    .orElseThrow();
            try (Browser browser = Browser.desktop().open(running.admin)) {
                browser.awaitText("headline", "All 2 servers are ready");
                victim.destroyForcibly();

                browser.awaitText("timeline", "lost");
                browser.awaitText("timeline", "a replacement is launched");
                browser.awaitText("headline", "All 2 servers are ready");
                assertThat(browser.text("timeline"))
                        .containsPattern("(?s)ready, .* after its launch.*a replacement is launched.*lost");
            }
        }
    }

    @Test
    void a_key_is_explained_as_the_balancer_routes_it() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "3", "--key", "header:X-User");
                Browser browser = Browser.desktop().open(running.admin)) {
            browser.type("key", "user:17 & <b>");
            browser.press(Keys.ENTER);
            browser.awaitText("explained", "goes to");
            String served = RawHttp.send(running.traffic, "GET", "/home", "", "X-User: user:17 & <b>")
                    .body();
            String chosen = browser.find("#explained strong").getText();

            assertThat(served).contains("Hello from Server: " + chosen);
            assertThat(browser.text("explained"))
                    .contains("“user:17 & <b>” goes to " + chosen)
                    .contains("slot ");
        }
    }

    @Test
    void requests_turn_up_in_figures_and_shares() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2", "--policy", "round-robin");
                Browser browser = Browser.desktop().open(running.admin)) {
            browser.awaitText("details", "No requests in the last minute");
            RunningBalancer.await("even", () -> {
                for (int i = 0; i < 100; i++) {
                    request(running);
                }
                return browser.text("details").equals("Load is even.");
            });

            assertThat(browser.rows())
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row).contains("50 %expected 50 %"));
            assertThat(browser.text("space-text")).contains("does not route by key");
            assertThat(browser.text("requests-text")).doesNotContain("maximum 0");
        }
    }

    private static void request(RunningBalancer running) {
        try {
            running.get("/home");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_thousand_servers_stay_usable() throws Exception {
        try (DemoServer one = DemoServer.start("one", ANY_PORT, DemoServer.Load.NONE)) {
            String pool = IntStream.rangeClosed(1, 1_000)
                    .mapToObj(i -> String.format(
                            "web-%04d=127.0.0.1:%d", i, one.address().getPort()))
                    .collect(Collectors.joining(",", "static:", ""));
            try (RunningBalancer running = new RunningBalancer(state, "--pool", pool, "--max-servers", "1000");
                    Browser browser = Browser.desktop().open(running.admin)) {
                browser.awaitText("headline", "All 1000 servers are ready");
                assertThat(browser.rows()).as("only what is in sight").hasSizeBetween(10, 60);
                assertThat(browser.find("#table").getDomAttribute("aria-rowcount"))
                        .isEqualTo("1001");

                browser.js("document.getElementById('scroll').scrollTop = 1e9");
                browser.awaitRow("web-1000", "ready");
                assertThat(browser.find("#rows tr:nth-last-child(2)").getDomAttribute("aria-rowindex"))
                        .isEqualTo("1001");
                browser.type("find", "0777");
                RunningBalancer.await("found", () -> browser.rows().size() == 1);
                browser.awaitRow("web-0777", "ready");
                browser.change("web-0777");
                browser.awaitText("dialog-text", "its 0.");
                assertThat(browser.find("#add").isDisplayed())
                        .as("a fixed pool offers no adding")
                        .isFalse();
            }
        }
    }

    @Test
    void the_keyboard_alone_is_enough() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1");
                Browser browser = Browser.desktop().open(running.admin)) {
            browser.awaitText("headline", "The server is ready");
            browser.press(Keys.TAB);
            assertThat(browser.focused()).isEqualTo("Skip to the servers");
            browser.press(Keys.ENTER);
            assertThat(browser.focused()).isEqualTo("servers");
            browser.tabTo("add");
            assertThat(String.valueOf(browser.js("return getComputedStyle(document.activeElement).outlineStyle")))
                    .as("one sees where one is")
                    .isEqualTo("solid");
            browser.press(Keys.ENTER);
            assertThat(browser.focused()).isEqualTo("dialog-ids");
            browser.press("K1");
            browser.awaitText("dialog-text", "With K1");
            browser.press(Keys.ESCAPE);
            assertThat(browser.focused()).as("back where one was").isEqualTo("add");
            browser.press(Keys.ENTER);
            browser.press("K2");
            browser.awaitText("dialog-text", "With K2");
            browser.press(Keys.ENTER);
            browser.awaitRow("K2", "ready");
            assertThat(running.get("/rep").body()).contains("K2").doesNotContain("K1");

            browser.tabTo("key");
            browser.press("k", Keys.ENTER);
            browser.awaitText("explained", "goes to");
        }
    }

    @Test
    void a_phone_needs_no_sideways_scrolling() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "3");
                Browser browser = Browser.phone().open(running.admin)) {
            browser.awaitText("headline", "All 3 servers are ready");

            assertThat(browser.js("return document.documentElement.scrollWidth - innerWidth"))
                    .isEqualTo(0L);
            browser.change("Server 2");
            browser.choose("remove");
            browser.awaitText("dialog-text", "Without Server 2");
            assertThat(browser.js("return document.getElementById('dialog').scrollWidth -"
                            + " document.getElementById('dialog').clientWidth"))
                    .isEqualTo(0L);
            assertThat(browser.rows()).allSatisfy(row -> assertThat(row).contains("ready"));
        }
    }

    @Test
    void the_theme_follows_the_system_until_it_is_chosen_and_the_choice_lasts() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1");
                Browser browser = Browser.desktop().open(running.admin)) {
            String theme = "return document.documentElement.dataset.theme";
            assertThat(browser.text("theme")).isEqualTo("Theme: system");
            browser.find("#theme").click();
            assertThat(browser.js(theme)).isEqualTo("light");
            browser.find("#theme").click();
            assertThat(browser.js(theme)).isEqualTo("dark");
            browser.open(running.admin);
            assertThat(browser.js(theme)).isEqualTo("dark");
        }
    }

    @Test
    void with_a_token_the_page_asks_for_it_first_and_keeps_it_for_the_tab() throws Exception {
        Path file = java.nio.file.Files.writeString(state.resolve("token"), "secret+1/=");
        try (RunningBalancer running =
                        new RunningBalancer(state, "--servers", "2", "--admin-token-file", file.toString());
                Browser browser = Browser.tolerating401()) {
            browser.visit(running.admin, "");
            browser.awaitText("live", "a token is needed");
            browser.type("login-token", "wrong");
            browser.find("#login button").click();
            browser.awaitText("login-note", "refuses");
            browser.type("login-token", "secret+1/=");
            browser.find("#login button").click();
            browser.awaitText("headline", "All 2 servers are ready");
            assertThat(browser.find("#login").isDisplayed()).isFalse();

            browser.open(running.admin);

            browser.awaitText("space-text", "Server 1");
            browser.change("Server 1");
            browser.choose("drain");
            browser.confirm("No key changes");
            browser.awaitRow("Server 1", "held back");
            browser.js("sessionStorage.clear()");
            browser.visit(running.admin, "?other#token=secret%2B1/=");
            browser.awaitText("headline", "ready");
            assertThat(browser.js("return location.hash")).isEqualTo("");
        }
    }

    @Test
    void a_token_is_asked_for_where_one_is_needed() throws Exception {
        Path file = state.resolve("token");
        java.nio.file.Files.writeString(file, "secret-1");
        try (RunningBalancer running = new RunningBalancer(
                        state, "--servers", "2", "--admin-token-file", file.toString(), "--admin-open-reads");
                Browser browser = Browser.tolerating401().open(running.admin)) {
            browser.awaitText("headline", "All 2 servers are ready");
            browser.change("Server 1");
            browser.choose("drain");
            browser.awaitText("dialog-text", "No key changes");
            browser.find("#dialog-do").click();
            browser.awaitText("dialog-answer", "token");
            browser.type("dialog-token", "secret-1");
            browser.confirm("No key changes");
            browser.awaitRow("Server 1", "held back");
        }
    }
}
