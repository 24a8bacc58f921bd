package io.github.lbkit.docker.real;

import io.github.lbkit.docker.EngineException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips or fails without an engine, and cleans up behind the class. */
public final class NeedsEngineExtension implements ExecutionCondition, AfterAllCallback {
    /** Made by JUnit. */
    public NeedsEngineExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        try {
            return ConditionEvaluationResult.enabled("engine " + RealEngine.version());
        } catch (EngineException | IllegalArgumentException e) {
            String reason = "no Docker engine: " + e.getMessage();
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(reason + "; under CI=true this is a failure", e);
            }
            System.err.println("SKIPPED " + context.getDisplayName() + ": " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        RealEngine.removeLeftovers();
    }
}
