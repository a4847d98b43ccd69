/** The catalog of images, and how images that agents have come into it. */
@NullMarked
package io.slipway.manager.images;

import org.jspecify.annotations.NullMarked;
