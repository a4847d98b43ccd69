package io.slipway.plugin.sources;

/**
 * How large a plug-in may be.
 *
 * @param packedBytes of the file
 * @param unpackedBytes of all its entries together
 * @param entries how many
 */
record Limits(long packedBytes, long unpackedBytes, int entries) {

    /** Of a manifest or a signature, which the JDK reads into memory whole. */
    static final long METADATA_BYTES = 4L << 20;
}
