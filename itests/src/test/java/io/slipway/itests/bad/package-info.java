/** Versions of a runtime that went wrong, each in its own way; tests pack them into bundles. */
@NullMarked
package io.slipway.itests.bad;

import org.jspecify.annotations.NullMarked;
