/** Keeps bundles that nobody has verified from starting. */
@NullMarked
package io.slipway.plugin.guard;

import org.jspecify.annotations.NullMarked;
