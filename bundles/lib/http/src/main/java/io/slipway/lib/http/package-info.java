/**
 * A small HTTP server: requests, responses, routes, WebSockets and event streams as our own types. What serves them is
 * hidden; nobody outside sees a type of it.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.slipway.lib.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
