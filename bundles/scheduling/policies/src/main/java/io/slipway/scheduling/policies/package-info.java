/** The policies that every distribution ships: how waiting work is ordered and how agents are chosen. */
@NullMarked
package io.slipway.scheduling.policies;

import org.jspecify.annotations.NullMarked;
