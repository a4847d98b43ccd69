/** Versions of plug-ins that went wrong, each in its own way, and a plug-in that looks on; tests pack them into bundles. */
@NullMarked
package io.slipway.itests.bad;

import org.jspecify.annotations.NullMarked;
