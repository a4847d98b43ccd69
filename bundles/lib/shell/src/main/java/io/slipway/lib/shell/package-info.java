/** What the operator's commands share. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.lib.shell;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
