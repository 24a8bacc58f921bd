package io.github.lbkit.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One port of a container that is published under different numbers on different addresses of its host. */
class PublishedPortTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1 | 0.0.0.0=32768 ::=32769 | 127.0.0.1:32768",
                "::1 | 0.0.0.0=32768 ::=32769 | ::1:32769",
                "127.0.0.1 | ::=32769 | ::1:32769",
                "::1 | 0.0.0.0=32768 | 127.0.0.1:32768",
                "127.0.0.1 | 127.0.0.1=1 0.0.0.0=2 ::=3 | 127.0.0.1:1",
                "127.0.0.1 | 192.0.2.7=1 ::=3 | 192.0.2.7:1",
                "127.0.0.1 | 192.0.2.7=1 0.0.0.0=2 | 127.0.0.1:2",
                "far.example | 0.0.0.0=2 ::=3 | far.example:2",
                "far.example | ::=3 | far.example:3",
                "2001:db8::7 | 0.0.0.0=2 ::=3 | 2001:db8::7:3"
            })
    void the_number_belongs_to_the_address_whatever_the_order(String engineHost, String published, String expected) {
        List<PublishedPort> ports = new ArrayList<>(Arrays.stream(published.split(" "))
                .map(one -> new PublishedPort(
                        one.substring(0, one.indexOf('=')), Integer.parseInt(one.substring(one.indexOf('=') + 1))))
                .toList());
        int colon = expected.lastIndexOf(':');
        Address wanted = Address.of(expected.substring(0, colon), Integer.parseInt(expected.substring(colon + 1)));

        assertThat(PublishedPort.best(ports, engineHost)).contains(wanted);
        Collections.reverse(ports);
        assertThat(PublishedPort.best(ports, engineHost)).contains(wanted);
    }
}
