/** Contract suites and fakes for pools, launchers, policies and routers. */
@NullMarked
package io.github.lbkit.testkit;

import org.jspecify.annotations.NullMarked;
