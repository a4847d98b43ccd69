/** Tells web servers that owners of sessions have named how those fare. */
@NullMarked
package io.slipway.manager.callbacks;

import org.jspecify.annotations.NullMarked;
