package io.slipway.manager.session;

import io.slipway.agent.api.AgentException;
import io.slipway.agent.api.AgentFiles;
import io.slipway.agent.api.FileContent;
import io.slipway.agent.api.FileListing;
import io.slipway.agent.api.FileUpload;
import io.slipway.manager.api.AgentDirectory;
import io.slipway.manager.api.SessionFiles;
import io.slipway.manager.store.SessionStore;
import io.slipway.model.failure.FailureCode;
import io.slipway.model.failure.SlipwayException;
import io.slipway.model.identity.AccessKey;
import io.slipway.model.kernel.KernelId;
import io.slipway.model.session.SessionStatus;
import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Files of sessions, by the agent of the main kernel. */
@Component
public final class AgentSessionFiles implements SessionFiles {

    private static final String FIELD = "path";

    private final SessionLookup lookup;
    private final AgentDirectory directory;

    /** Used by the component runtime. */
    @Activate
    public AgentSessionFiles(@Reference SessionStore store, @Reference AgentDirectory directory) {
        this.lookup = new SessionLookup(store);
        this.directory = directory;
    }

    /** A call of an agent. */
    private interface Call<T> {
        T of(AgentFiles files, KernelId kernel) throws AgentException;
    }

    /** A step of an upload. */
    private interface Step {
        void run() throws AgentException;
    }

    @Override
    public FileListing list(AccessKey owner, String reference, String path) {
        return call(owner, reference, (files, kernel) -> files.list(kernel, path));
    }

    @Override
    public FileContent read(AccessKey owner, String reference, String path) {
        return call(owner, reference, (files, kernel) -> files.read(kernel, path));
    }

    @Override
    public FileContent archive(AccessKey owner, String reference, String path) {
        return call(owner, reference, (files, kernel) -> files.archive(kernel, path));
    }

    @Override
    public Upload upload(AccessKey owner, String reference, String path, long maxBytes) {
        return new AgentUpload(call(owner, reference, (files, kernel) -> files.upload(kernel, path, maxBytes)));
    }

    private <T> T call(AccessKey owner, String reference, Call<T> call) {
        var session = lookup.get(owner, reference, false);
        if (session.status() != SessionStatus.RUNNING) {
            throw new SlipwayException(
                    FailureCode.BAD_REQUEST,
                    "Session " + session.name() + " is " + session.status().wireName() + ", not RUNNING");
        }
        var kernel = session.mainKernel();
        try {
            return call.of(AgentAnswers.connect(directory, kernel).files(), kernel.id());
        } catch (AgentException e) {
            throw AgentAnswers.failure(e, FIELD);
        }
    }

    /** An upload of an agent with failures for clients. */
    private record AgentUpload(FileUpload upload) implements Upload {

        @Override
        public void write(byte[] bytes, int from, int length) {
            step(() -> upload.write(ByteBuffer.wrap(bytes, from, length)));
        }

        @Override
        public void complete() {
            step(upload::complete);
        }

        @Override
        public void close() {
            upload.close();
        }

        private static void step(Step step) {
            try {
                step.run();
            } catch (AgentException e) {
                throw AgentAnswers.failure(e, FIELD);
            }
        }
    }
}
