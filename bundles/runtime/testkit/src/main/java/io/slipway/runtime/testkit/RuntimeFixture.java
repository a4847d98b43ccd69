package io.slipway.runtime.testkit;

import io.slipway.model.kernel.KernelId;
import io.slipway.runtime.spi.KernelRuntime;
import io.slipway.runtime.spi.KernelSpec;
import java.util.List;

/**
 * What a runtime gives to its contract test. One fixture is one installation with state of its own; it is used by one
 * test and then closed.
 */
public interface RuntimeFixture {

    /**
     * Makes a runtime over the fixture's state. A further call stands for a restart of the agent's process: it gives a new
     * object that shares nothing with the earlier ones but what is on the node. Earlier objects are not called any more.
     *
     * @throws Exception if it cannot be made; the test fails
     */
    KernelRuntime open() throws Exception;

    /**
     * Describes a kernel that can be created: an image that is there, a new empty home folder, modest limits.
     *
     * @param kernel its id
     * @param command its main program; runtimes whose kernels run no programs ignore it
     * @throws Exception if its home folder cannot be made; the test fails
     */
    KernelSpec spec(KernelId kernel, List<String> command) throws Exception;

    /**
     * Returns in words, one entry each, what is still on the node of kernels that were removed: processes, control groups,
     * folders. Home folders do not count.
     *
     * @throws Exception if that cannot be found out; the test fails
     */
    List<String> leftovers() throws Exception;

    /**
     * Ends and removes whatever is left.
     *
     * @throws Exception if that is not possible; the test fails
     */
    void close() throws Exception;
}
