/** Readers of keys, certificates and revocation lists from PEM, DER and PKCS#12 files. */
@NullMarked
package io.github.lbkit.http.internal.tls.material;

import org.jspecify.annotations.NullMarked;
