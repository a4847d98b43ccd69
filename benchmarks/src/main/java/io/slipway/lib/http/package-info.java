/** The floor that HTTP servers are measured against; in this package because only it may see Jetty. */
@NullMarked
package io.slipway.lib.http;

import org.jspecify.annotations.NullMarked;
