/** What a manager asks of an agent, and what an agent tells a manager. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.agent.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
