package io.github.lbkit.examples.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs where a Docker engine answers; elsewhere it is skipped, unless {@code CI=true} says it must run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsEngine.Condition.class)
public @interface NeedsEngine {
    /** Asks it. */
    public final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String missing = LocalEngine.missing();
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("there is an engine");
            } else if ("true".equals(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("CI=true, so that its absence fails");
            }
            System.err.println("SKIPPED " + context.getDisplayName() + ": no " + missing);
            return ConditionEvaluationResult.disabled("no " + missing);
        }
    }
}
