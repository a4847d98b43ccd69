/** Events within one process, for installations without Redis. */
@NullMarked
package io.slipway.event.embedded;

import org.jspecify.annotations.NullMarked;
