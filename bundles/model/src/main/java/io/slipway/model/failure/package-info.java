/** The one exception of the product, with a code that says who must act. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.failure;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
