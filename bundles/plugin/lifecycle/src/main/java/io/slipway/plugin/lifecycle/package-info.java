/** Owns plug-ins: which versions run, how they come and go, and how everyone else gets at them. */
@NullMarked
package io.slipway.plugin.lifecycle;

import org.jspecify.annotations.NullMarked;
