package io.github.lbkit.hashing.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapacityTest {
    @Test
    void an_excess_of_servers_is_told_once() {
        Capacity capacity = new Capacity(3);

        assertThat(capacity.isFirstExcess(3)).isFalse();
        assertThat(capacity.isFirstExcess(4)).isTrue();
        assertThat(capacity.isFirstExcess(5)).isFalse();
        assertThat(capacity.isFirstExcess(4)).isFalse();
    }

    @Test
    void primes_are_told_from_other_numbers() {
        assertThat(Capacity.isPrime(65_537)).isTrue();
        assertThat(Capacity.isPrime(2_147_483_647)).isTrue();
        assertThat(Capacity.isPrime(65_537 * 3)).isFalse();
        assertThat(Capacity.isPrime(1)).isFalse();
        assertThat(Capacity.isPrime(0)).isFalse();
    }
}
