/**
 * Contract suites for pools, launchers, policies and routers, and fakes for their tests. The tests of lb-api that need
 * these fakes are in the test sources of lb-testkit, because lb-api cannot depend on lb-testkit.
 */
@NullMarked
package io.github.lbkit.testkit;

import org.jspecify.annotations.NullMarked;
