/** What every store of shared configuration must do, as tests to inherit. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.config.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
