package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.fault.Misbehaviour;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The faults of callbacks, each of which has one line in the log that names the class that threw. */
abstract class LoggedFaultsContract extends PoolFaultsContract {
    private final LogFile log = new LogFile();

    @BeforeEach
    void skipWhatOthersWrote() {
        log.skip();
    }

    @Override
    protected void afterFault(FaultyCalls faults, Misbehaviour how) {
        List<String> lines = log.lines();
        boolean allowed = how == Misbehaviour.COMPLETES_WITH_NULL
                && List.of("Launcher.terminate", "Launcher.remember").contains(faults.faultyMethod());
        if (allowed || isTheCallersOwn(faults)) {
            return;
        }
        switch (how) {
            case THROWS_AN_EXCEPTION, THROWS_AN_ERROR, RETURNS_NULL, COMPLETES_WITH_NULL, BROKEN_STAGE ->
                assertThat(lines.stream()
                                .filter(line -> line.contains(" ERROR ") && line.contains(faults.faultyClass())))
                        .as("lines that name %s, of %s", faults.faultyClass(), lines)
                        .hasSize(1);
            default -> {}
        }
    }

    /** Whether what this callback throws goes to the caller of the pool, who sees it; no unless overridden. */
    boolean isTheCallersOwn(FaultyCalls faults) {
        return false;
    }
}
