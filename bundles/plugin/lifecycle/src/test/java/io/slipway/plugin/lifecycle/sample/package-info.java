/** What bundles of the tests are made of. */
@NullMarked
package io.slipway.plugin.lifecycle.sample;

import org.jspecify.annotations.NullMarked;
