/** The HTTP types over Jetty 12.1 core; the only place that knows Jetty. */
@NullMarked
package io.slipway.lib.http.jetty;

import org.jspecify.annotations.NullMarked;
