/** The stable way to shared configuration, whichever store is active. */
@NullMarked
package io.slipway.config.access;

import org.jspecify.annotations.NullMarked;
