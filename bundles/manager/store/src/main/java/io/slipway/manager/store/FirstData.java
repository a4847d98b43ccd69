package io.slipway.manager.store;

import io.slipway.model.policy.KeypairPolicy;
import java.util.List;

/**
 * The first data of an installation.
 *
 * @param domain the first domain
 * @param project its first project; every user is a member
 * @param resourceGroup the first resource group; the domain may use it
 * @param policy the first keypair policy
 * @param keypairs users with their main keypairs
 */
public record FirstData(
        DomainRecord domain,
        ProjectRecord project,
        String resourceGroup,
        KeypairPolicy policy,
        List<KeypairRecord> keypairs) {

    /** Copies. */
    public FirstData {
        keypairs = List.copyOf(keypairs);
    }
}
