/** The tests that every container runtime passes; a runtime's own test class extends the contract. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.runtime.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
