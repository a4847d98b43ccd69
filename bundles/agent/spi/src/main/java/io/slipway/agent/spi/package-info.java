/** What the node asks of the part that talks to drivers inside kernels. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.agent.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
