/** How the running system holds plug-ins (sets, leases, their status) and how it is told to change them. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.plugin.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
