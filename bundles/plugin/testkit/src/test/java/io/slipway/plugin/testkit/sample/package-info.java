/** A good plug-in and bad ones, of which bundles are made. */
@NullMarked
package io.slipway.plugin.testkit.sample;

import org.jspecify.annotations.NullMarked;
