/** The manager's application services, as the gateway, GraphQL and the shell use them. */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.manager.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
