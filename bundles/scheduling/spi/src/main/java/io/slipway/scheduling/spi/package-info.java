/** What a scheduling policy implements: pure functions over snapshots. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.scheduling.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
