package io.slipway.model.call;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of an SPI whose call may be repeated, also on another version of the plug-in: doing it twice is the same as
 * doing it once. A call that fails on a version on probation is then repeated once on the version before it or, if only one of
 * both can serve at a time, a few times within seconds by whoever serves then. As with any repeated write, what another caller
 * wrote in between is written over. On an interface it holds for each of its methods.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Idempotent {}
