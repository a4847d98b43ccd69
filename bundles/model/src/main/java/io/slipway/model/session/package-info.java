/** Compute sessions: what a user asked for, and the states it goes through. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
