package io.slipway.manager.store;

import java.util.Optional;

/** Decides whether a session fits the policies. Pure: no I/O, no clock. */
@FunctionalInterface
public interface AdmissionRule {

    /**
     * Decides.
     *
     * @return empty to admit, else the reason for refusal in words, such as {@code 10 of 10 concurrent sessions in use}
     */
    Optional<String> refusal(PolicySnapshot snapshot);
}
