package io.github.lbkit.examples.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs where Chromium and its driver are installed; elsewhere it is skipped, unless {@code CI=true} says it must run.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsChromium.Condition.class)
public @interface NeedsChromium {
    /** Looks for both. */
    public final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<String> missing = Browser.missing();
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("there are Chromium and its driver");
            }
            if ("true".equals(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("CI=true, so that their absence fails");
            }
            return ConditionEvaluationResult.disabled(
                    "not installed: " + missing + " (Debian: chromium and chromium-driver)");
        }
    }
}
