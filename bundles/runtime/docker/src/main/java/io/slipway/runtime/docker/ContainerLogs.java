package io.slipway.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import io.slipway.runtime.spi.KernelRuntimeException;
import java.util.concurrent.TimeUnit;

/** What containers' main programs wrote. Thread-safe. */
final class ContainerLogs {

    private final Engine engine;

    ContainerLogs(Engine engine) {
        this.engine = engine;
    }

    byte[] tail(String container, int maxBytes) throws KernelRuntimeException {
        return engine.call("log of container " + container, Engine.SHORT, line -> {
            var end = new End(maxBytes);
            try (end) {
                line.logContainerCmd(container)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withTailAll()
                        .exec(end);
                if (!end.awaitCompletion(Engine.SHORT.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new KernelRuntimeException("the log of container " + container + " does not end");
                }
            }
            return end.bytes();
        });
    }

    /** Keeps the last bytes. */
    private static final class End extends ResultCallback.Adapter<Frame> {

        private final byte[] ring;
        private long count;

        End(int most) {
            ring = new byte[most];
        }

        @Override
        public void onNext(Frame frame) {
            for (var octet : frame.getPayload()) {
                ring[(int) (count++ % ring.length)] = octet;
            }
        }

        byte[] bytes() {
            var length = (int) Math.min(count, ring.length);
            var result = new byte[length];
            for (var i = 0; i < length; i++) {
                result[i] = ring[(int) ((count - length + i) % ring.length)];
            }
            return result;
        }
    }
}
