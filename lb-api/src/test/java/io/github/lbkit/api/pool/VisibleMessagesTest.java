package io.github.lbkit.api.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.internal.VisibleText;
import io.github.lbkit.api.internal.pool.ChangeRules;
import io.github.lbkit.api.internal.pool.provider.CommandLine;
import io.github.lbkit.api.internal.pool.provider.StaticPoolProvider;
import io.github.lbkit.api.pool.dns.DnsOptions;
import io.github.lbkit.api.pool.dns.ServiceRecordText;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever invisible character stands in a setting or a file: what an error shows of it can be seen. */
class VisibleMessagesTest {
    private static final PoolContext CONTEXT = new PoolContext("p", Runtimes.system(), Path.of("unused"));

    private record Input(String name, String right, Consumer<String> reader) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Input> INPUTS = List.of(
            new Input("file", "S1 10.0.0.1:80 weight=2 zone=a", text -> ServerLines.parse("f", text)),
            new Input("file, scheme", "S1 shop.example:80 scheme=https", text -> ServerLines.parse("f", text)),
            new Input("static", "S1=http://10.0.0.1:8080;weight=3", VisibleMessagesTest::openStatic),
            new Input("uri", "dns:shop.example:80?family=ipv4", PoolUri::parse),
            new Input(
                    "number",
                    "17",
                    text -> new PoolUri("dns", "", java.util.Map.of("a", java.util.List.of(text)))
                            .intOption("a", 1, 0, 9)),
            new Input("host", "shop.example", text -> Address.of(text, 80)),
            new Input("pool name", "shop", text -> new PoolContext(text, Runtimes.system(), Path.of("unused"))),
            new Input("command", "serve 'a b", CommandLine::split),
            new Input("dns", "shop.example", DnsOptions::service),
            new Input(
                    "name server", "10.0.0.1/", text -> DnsOptions.service("a").nameServer(text)),
            new Input("SRV record", "1 2 80", ServiceRecordText::read),
            new Input(
                    "environment",
                    "A=B",
                    text -> ProcessOptions.command(List.of("a")).environment(text, "")),
            new Input(
                    "ready line",
                    "(a",
                    text -> ProcessOptions.command(List.of("a")).readyLine(text)),
            new Input(
                    "initial server", "S1!", text -> SupervisedOptions.builder().servers(List.of(text))),
            new Input("added server", "S1!", text -> ChangeRules.adding(1, List.of(text), Set.of(), 9)),
            new Input("removed server", "S1!", text -> ChangeRules.removing(1, List.of(text), Set.of("A"))));

    private static void openStatic(String text) {
        new StaticPoolProvider()
                .open(new PoolUri("static", text, java.util.Map.of()), CONTEXT)
                .close();
    }

    @Provide
    Arbitrary<Input> inputs() {
        return Arbitraries.of(INPUTS);
    }

    @Provide
    Arbitrary<String> invisible() {
        return Arbitraries.of(
                "\uFEFF",
                "\u200B",
                "\u00AD",
                "\u202E",
                "\u2066",
                "\u2028",
                "\u2003",
                "\u00A0",
                "\u0000",
                "\u0007",
                "\u001B",
                "\u007F",
                "\u0085",
                "\u3164",
                "\uFE0F",
                "\uE000",
                "\uDB40\uDC41");
    }

    @Property(tries = 3_000)
    void an_error_shows_visible_characters_alone(
            @ForAll("inputs") Input input, @ForAll("invisible") String invisible, @ForAll int where) {
        int at = Math.floorMod(where, input.right().length() + 1);
        String wrong =
                input.right().substring(0, at) + invisible + input.right().substring(at);

        try {
            input.reader().accept(wrong);
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            assertThat(message.codePoints()
                            .filter(c -> c != '\n' || input.name().equals("ready line")))
                    .as("%s: %s", input, VisibleText.of(message))
                    .allMatch(c -> c == '\n' || VisibleText.isVisible(c));
        }
    }

    @Test
    void the_character_that_is_wrong_can_be_read_in_the_message() {
        assertThatThrownBy(() -> ServerLines.parse("servers.txt", "S1 10.0.0.1:80\nS\u200b2 10.0.0.2:80"))
                .hasMessageContaining("servers.txt line 2: the id 'S\\u200b2' is not");
        assertThatThrownBy(() -> ServerLines.parse("servers.txt", "S1 [zz::1]:80"))
                .hasMessageContaining("line 1: host 'zz::1' is not an IPv4 or IPv6 address");
        assertThatThrownBy(() -> ServerLines.parse("servers.txt", "S1 a_b!c:80"))
                .hasMessageContaining("line 1: host 'a_b!c' is not");
    }
}
