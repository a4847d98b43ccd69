/** Something that happened, as it is told across processes. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
