/** Countable resources: slot names, amounts and how people write them. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.slot;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
