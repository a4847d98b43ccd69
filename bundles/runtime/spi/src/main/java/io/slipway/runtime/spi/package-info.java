/** What a container runtime implements: the life of a kernel on one node, and further abilities. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.runtime.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
