/** What every component needs to read its settings the same way. */
@NullMarked
@Export
@Version("1.1.0")
package io.slipway.model.setting;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
