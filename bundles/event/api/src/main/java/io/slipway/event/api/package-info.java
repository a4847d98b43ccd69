/** Events as the rest of the system publishes and hears them, whichever bus is active. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.event.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
