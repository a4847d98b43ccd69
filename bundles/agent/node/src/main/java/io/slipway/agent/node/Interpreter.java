package io.slipway.agent.node;

import io.slipway.agent.spi.DriverKind;
import io.slipway.runtime.spi.InstalledImage;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.util.Map;

/**
 * What runs the driver in an image: its own Python if it has one, else its shell.
 *
 * @param driver which driver that is
 * @param path absolute path inside the image
 */
record Interpreter(DriverKind driver, String path) {

    private static final String RUNTIME_TYPE_LABEL = "ai.backend.runtime-type";
    private static final Interpreter PYTHON = new Interpreter(DriverKind.PYTHON, "/usr/bin/python3");
    private static final Interpreter SHELL = new Interpreter(DriverKind.SHELL, "/bin/sh");

    /**
     * Chooses by what is in an image.
     *
     * @throws KernelRuntimeException if no driver can run in it
     */
    static Interpreter in(InstalledImage image) throws KernelRuntimeException {
        var python = image.python();
        if (python != null) {
            return new Interpreter(DriverKind.PYTHON, python);
        }
        var shell = image.shell();
        if (shell != null) {
            return new Interpreter(DriverKind.SHELL, shell);
        }
        throw new KernelRuntimeException("image " + image.ref()
                + " has neither a Python 3 nor /bin/sh, so no code can be run in it; add one of them to the image");
    }

    /** Chooses by an image's labels, for runtimes that cannot look into images. */
    static Interpreter declared(Map<String, String> labels) {
        return labels.getOrDefault(RUNTIME_TYPE_LABEL, "").equals("python") ? PYTHON : SHELL;
    }
}
