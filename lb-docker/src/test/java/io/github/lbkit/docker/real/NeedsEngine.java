package io.github.lbkit.docker.real;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that talks to a real engine, found as Docker's command line finds it. Without one it is skipped and says so;
 * where {@code CI=true}, it fails. What it makes with {@link RealEngine} is gone afterwards.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsEngineExtension.class)
public @interface NeedsEngine {}
