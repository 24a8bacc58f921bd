package io.github.lbkit.docker.real;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips or fails where no engine can be started. */
public final class NeedsPrivateEngineExtension implements ExecutionCondition {
    /** Made by JUnit. */
    public NeedsPrivateEngineExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (PrivateEngine.possible()) {
            return ConditionEvaluationResult.enabled("root, and there is a dockerd");
        }
        String reason = "no engine can be started: that needs root and /usr/sbin/dockerd";
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(reason + "; under CI=true this is a failure");
        }
        System.err.println("SKIPPED " + context.getDisplayName() + ": " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
