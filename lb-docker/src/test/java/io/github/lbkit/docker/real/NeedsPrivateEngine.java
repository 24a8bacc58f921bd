package io.github.lbkit.docker.real;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that starts an engine of its own. Where none can be started it is skipped and says so; with CI=true, it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrivateEngineExtension.class)
public @interface NeedsPrivateEngine {}
