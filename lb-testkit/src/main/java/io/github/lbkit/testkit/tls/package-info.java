/** Certificate authorities, certificates and revocation lists for tests of TLS. */
@NullMarked
package io.github.lbkit.testkit.tls;

import org.jspecify.annotations.NullMarked;
