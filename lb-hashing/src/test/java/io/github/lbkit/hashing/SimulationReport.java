package io.github.lbkit.hashing;

import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.sim.BalancerSetup;
import io.github.lbkit.testkit.sim.OutcomeTable;
import io.github.lbkit.testkit.sim.Scenario;
import io.github.lbkit.testkit.sim.Scenarios;
import io.github.lbkit.testkit.sim.Simulation;
import io.github.lbkit.testkit.sim.SimulationOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outcomes of every shipped scenario with several setups, and the report on them. Immutable. */
final class SimulationReport {
    static final String ROUND_ROBIN = "round-robin";
    static final String LEAST_REQUESTS = "least-requests";
    static final String RANDOM = "random";
    static final String RENDEZVOUS = "rendezvous";
    static final String BOUNDED = "rendezvous + load factor 1.25";

    private static final long SEED = 2_026;
    private static final int LINE = 120;

    private final Map<String, Map<String, SimulationOutcome>> outcomes = new LinkedHashMap<>();

    /** Runs all scenarios. */
    SimulationReport() {
        for (Scenario scenario : Scenarios.all()) {
            Map<String, SimulationOutcome> bySetup = new LinkedHashMap<>();
            for (BalancerSetup setup : setups()) {
                bySetup.put(setup.name(), Simulation.run(scenario, setup, SEED));
            }
            outcomes.put(scenario.name(), bySetup);
        }
    }

    /** Returns the name of the setup of a policy with protection. */
    static String withProtection(String policy) {
        return policy + " + protection";
    }

    /** Returns the outcomes of a scenario by the name of the setup. */
    Map<String, SimulationOutcome> of(Scenario scenario) {
        Map<String, SimulationOutcome> found = outcomes.get(scenario.name());
        if (found == null) {
            throw new IllegalArgumentException("the report has no scenario '" + scenario + "'");
        }
        return found;
    }

    /** Returns the outcome of a scenario with one setup. */
    SimulationOutcome of(Scenario scenario, String setup) {
        SimulationOutcome found = of(scenario).get(setup);
        if (found == null) {
            throw new IllegalArgumentException("the report has no setup '" + setup + "'");
        }
        return found;
    }

    /** Returns a section for each scenario with a description and a table. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        for (Scenario scenario : Scenarios.all()) {
            Map<String, SimulationOutcome> bySetup = of(scenario);
            text.append("\n## ").append(scenario.name()).append("\n\n");
            text.append(wrapped(new SimulationReadings(this, scenario).text())).append('\n');
            text.append(OutcomeTable.of(List.copyOf(bySetup.values())));
        }
        return text.toString();
    }

    private static List<BalancerSetup> setups() {
        BalancerSetup rendezvous = BalancerSetup.of(Policies.named(RENDEZVOUS, Map.of()));
        List<BalancerSetup> setups = new ArrayList<>();
        for (BalancerSetup bare : List.of(
                BalancerSetup.roundRobin(), BalancerSetup.random(), BalancerSetup.leastRequests(), rendezvous)) {
            setups.add(bare);
            setups.add(bare.withProtection());
        }
        setups.add(rendezvous.with("load factor 1.25", builder -> builder.loadFactor(1.25)));
        return setups;
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            boolean fits = length + 1 + word.length() <= LINE;
            lines.append(length == 0 ? "" : fits ? " " : "\n").append(word);
            length = length > 0 && fits ? length + 1 + word.length() : word.length();
        }
        return lines.append('\n').toString();
    }
}
