package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the balancer says that it would do is what it does, to the key, and what a change moves is what it planned. */
class ExplainAgreesTest {
    private static final int KEYS = 1_000;
    private static final Pattern SERVER = Pattern.compile("Hello from Server: ([^\"]+)\"");
    private static final Pattern CHOSEN = Pattern.compile("\"chosen\":\"([^\"]+)\"");
    private static final Pattern MOVED = Pattern.compile("\"movedShare\":([0-9.]+)");

    @TempDir
    Path state;

    private static List<String> asked(InetSocketAddress address, String target, Pattern answer) throws Exception {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            answers.add(group(answer, RawHttp.get(address, target + i).body()));
        }
        return answers;
    }

    private static String group(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group(1);
    }

    @Test
    void every_key_goes_where_explain_says_and_a_plan_moves_what_it_says() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--key", "query:k")) {
            List<String> happened = asked(running.traffic, "/home?k=user-", SERVER);
            assertThat(happened).isEqualTo(asked(running.admin, "/explain?key=user-", CHOSEN));
            double planned = Double.parseDouble(group(
                    MOVED, RawHttp.get(running.admin, "/plan?remove=Server%203").body()));

            running.balancer.loadBalancer().override("Server 3", OperatorOverride.DOWN);
            List<String> after = asked(running.traffic, "/home?k=user-", SERVER);

            int moved = 0;
            for (int i = 0; i < KEYS; i++) {
                boolean wasThere = happened.get(i).equals("Server 3");
                assertThat(after.get(i).equals(happened.get(i))).isEqualTo(!wasThere);
                moved += wasThere ? 1 : 0;
            }
            // six standard deviations of 1,000 draws; keys and hash are fixed, so this cannot fail by chance
            assertThat((double) moved / KEYS).isBetween(planned - 0.09, planned + 0.09);
        }
    }
}
