/** The stable way to events, whichever bus is active. */
@NullMarked
package io.slipway.event.access;

import org.jspecify.annotations.NullMarked;
