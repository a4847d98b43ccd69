/** Names and facts of container images. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.image;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
