/** Agents: the daemons on compute nodes, as the manager knows them. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.model.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
