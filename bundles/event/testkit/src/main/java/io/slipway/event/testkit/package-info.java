/** What every event bus does, as tests to inherit. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.event.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
