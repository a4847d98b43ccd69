/** Slots to devices: the pure computation that the scheduler's dry run and the agent's commit share. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.allocation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
