/** The operator's commands for plug-ins. */
@NullMarked
package io.slipway.plugin.shell;

import org.jspecify.annotations.NullMarked;
