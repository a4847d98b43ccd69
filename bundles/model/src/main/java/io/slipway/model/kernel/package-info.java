/** Kernels: the containers of a session, their states and their ends. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.kernel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
