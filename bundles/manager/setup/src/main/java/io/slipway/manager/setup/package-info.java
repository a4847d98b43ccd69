/** The first start of an installation: its first data, and the file that clients read. */
@NullMarked
package io.slipway.manager.setup;

import org.jspecify.annotations.NullMarked;
