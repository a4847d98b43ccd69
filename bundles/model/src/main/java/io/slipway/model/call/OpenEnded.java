package io.slipway.model.call;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method of an SPI that takes as long as something outside of the plug-in: a wait, a pull, a stream. How long its
 * calls take says nothing about the plug-in and is not judged; whether they fail is.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OpenEnded {}
