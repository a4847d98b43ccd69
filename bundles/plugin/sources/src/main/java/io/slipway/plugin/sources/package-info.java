/** Where plug-ins come from, and whether the site takes them. */
@NullMarked
package io.slipway.plugin.sources;

import org.jspecify.annotations.NullMarked;
