package io.github.lbkit.hashing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableSizeTest {
    @Test
    void an_excess_of_servers_is_reported_once() {
        TableSize size = new TableSize(3);

        assertThat(size.isFirstExcess(3)).isFalse();
        assertThat(size.isFirstExcess(4)).isTrue();
        assertThat(size.isFirstExcess(5)).isFalse();
        assertThat(size.isFirstExcess(4)).isFalse();
    }

    @Test
    void primes_are_recognized() {
        assertThat(TableSize.isPrime(65_537)).isTrue();
        assertThat(TableSize.isPrime(2_147_483_647)).isTrue();
        assertThat(TableSize.isPrime(65_537 * 3)).isFalse();
        assertThat(TableSize.isPrime(1)).isFalse();
        assertThat(TableSize.isPrime(0)).isFalse();
    }
}
