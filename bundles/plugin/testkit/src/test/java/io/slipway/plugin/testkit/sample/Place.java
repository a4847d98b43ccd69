package io.slipway.plugin.testkit.sample;

/** Says where the samples' classes are, without needing any other class. */
public final class Place {

    private Place() {}
}
