/** Shared configuration in a file of the home, for installations without etcd. */
@NullMarked
package io.slipway.config.embedded;

import org.jspecify.annotations.NullMarked;
