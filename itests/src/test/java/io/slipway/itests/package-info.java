/** Tests of whole installations, from outside. */
@org.jspecify.annotations.NullMarked
package io.slipway.itests;
