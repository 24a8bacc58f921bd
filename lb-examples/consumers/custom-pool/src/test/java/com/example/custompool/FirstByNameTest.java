package com.example.custompool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.PolicyProvider;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

// begin
class FirstByNameTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new FirstByName();
    }

    @Test
    void it_is_found_by_its_name() {
        PolicyProvider found = ServiceLoader.load(PolicyProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.names().containsKey("first-by-name"))
                .findFirst()
                .orElseThrow();

        assertThat(found.policy("first-by-name", Map.of())).isInstanceOf(FirstByName.class);
    }
}
// end
