package io.github.lbkit.examples.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            static:http://ann:hunter2@10.0.0.1:80,http://10.0.0.2 | static:http://***@10.0.0.1:80,http://10.0.0.2
            static:http://ann:hun@ter2@10.0.0.1:80                | static:http://***@10.0.0.1:80
            docker:a:1?port=5&engine=tcp://ann:hunter2@h:2375     | docker:a:1?port=5&engine=tcp://***@h:2375
            docker:a:1?engine=tcp%3A%2F%2Fann%3Ahunter2%40h&port=5 | docker:a:1?engine=***&port=5
            docker:a:1?port=5&env=A=hunter2,B=x y&servers=3       | docker:a:1?port=5&env=A=***,B=***&servers=3
            docker:a:1?env=A%3Dhunter2&port=5                     | docker:a:1?env=***&port=5
            docker:a:1?env=hunter2                                | docker:a:1?env=***
            docker:a:1?command=run,--db-password,hunter2,-v       | docker:a:1?command=run,--db-password,***
            process:./run --db-password hunter2 --port {port}     | process:./run --db-password *** --port {port}
            process:./run --api-key='hunter 2' --port {port}      | process:./run --api-key=*** --port {port}
            process:env API_TOKEN=hunter2 ./run {port}            | process:env API_TOKEN=*** ./run {port}
            /health?access_token=hunter2&x=1                      | /health?access_token=***&x=1
            --password: hunter2                                   | --password: ***
            """)
    void a_value_in_the_form_of_a_secret_is_masked(String setting, String shown) {
        assertThat(Secrets.masked(setting)).startsWith(shown).doesNotContain("hunter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static:http://10.0.0.1:80,S2=http://10.0.0.2:80;weight=3",
                "docker:registry:5000/shop:1.7@sha256:0123abcd?port=8080&servers=3",
                "docker:shop@sha256:0123abcd?port=8080",
                "--admin-token-file '/etc/lbkit/token' is not allowed; allowed: a file that can be read",
                "--key 'request-id' is not allowed; allowed: request-id, header:NAME",
                "a listener needs --admin-token-file FILE, or --admin-without-token to let anyone change servers",
                "header:X-Api-Key",
                "process:./server --port {port}?servers=3&probe-path=/heartbeat"
            })
    void other_values_are_shown(String setting) {
        assertThat(Secrets.masked(setting)).isEqualTo(setting);
    }

    @Test
    void a_value_that_was_a_secret_in_a_setting_is_hidden_wherever_it_appears() {
        Secrets secrets = Secrets.of(
                List.of("serve", "--pool", "docker:a?port=1&env=DB=hun%2Fter2&engine=tcp://ann:engine-pw@h:1"),
                Map.of("LBKIT_POLICY_OPTION", "shared-secret=topping"));

        assertThat(secrets.hide("option 'env' of docker: 'DB=hun/ter2' is wrong; ann:engine-pw; pw engine-pw; topping"))
                .isEqualTo("option 'env' of docker: 'DB=***' is wrong; ***; pw ***; ***");
    }

    @Test
    void a_name_that_looks_secret_hides_the_whole_value_of_a_setting() {
        assertThat(Secrets.masked("policy-option shared-secret", "two words")).doesNotContain("two");
        assertThat(Secrets.masked("policy-option points", "9")).isEqualTo("9");
        assertThat(Secrets.masked("key", "request-id")).isEqualTo("request-id");
    }

    @Test
    void a_secret_is_hidden_in_a_stream_although_it_comes_in_two_writes() {
        Secrets secrets = Secrets.of(List.of("process:./run --password=hunter2"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = SecretFilterStream.before(new PrintStream(bytes, true, StandardCharsets.UTF_8), secrets);

        stream.print("begin hun");
        stream.print("ter2 und größer\nnext");
        stream.println(" line");

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("begin *** und größer\nnext line\n");
    }

    @Property
    void no_secret_of_any_kind_is_shown(@ForAll @AlphaChars @StringLength(min = 4, max = 30) String marker) {
        String secret = "#" + marker + "!";
        for (String form : List.of(
                "x:http://u:%s@h",
                "x:u:%s@h",
                "x?env=A=%s",
                "x?env=A=1,%s",
                "x --token %s y",
                "x --token=%s y",
                "SECRET_KEY=%s",
                "?credential=%s&a=1")) {
            String setting = String.format(form, secret);
            Secrets secrets = Secrets.of(List.of(setting));

            assertThat(Secrets.masked(setting)).as(setting).doesNotContain(secret);
            assertThat(secrets.hideKnown("it says '" + secret + "'"))
                    .as(setting)
                    .doesNotContain(secret);
        }
    }
}
