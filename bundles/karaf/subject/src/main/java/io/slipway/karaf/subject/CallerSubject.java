package io.slipway.karaf.subject;

import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for {@code Subject.getSubject} and {@code JaasHelper.doAs} in woven classes.
 *
 * <p>The signatures are those of the methods that it replaces. Safe for any thread: a subject belongs to the thread
 * that runs the action and to the threads made by it.
 */
public final class CallerSubject {

    private static final InheritableThreadLocal<@Nullable Subject> CURRENT = new InheritableThreadLocal<>();

    private CallerSubject() {}

    /**
     * Tells on whose behalf this thread runs.
     *
     * @param ignored an access control context, which carries nothing any more; may be null
     * @return the subject of the innermost {@code doAs}, or null if the thread runs for nobody
     */
    @SuppressWarnings("removal") // the descriptor of the replaced method
    public static @Nullable Subject getSubject(java.security.@Nullable AccessControlContext ignored) {
        Subject subject = CURRENT.get();
        return subject != null ? subject : Subject.current();
    }

    /**
     * Runs an action for a subject.
     *
     * @param subject whom the action runs for; null means nobody
     * @param action what to do
     * @param <T> what the action returns
     * @return what the action returned
     */
    public static <T extends @Nullable Object> T doAs(@Nullable Subject subject, PrivilegedAction<T> action) {
        Subject before = CURRENT.get();
        CURRENT.set(subject);
        try {
            return action.run();
        } finally {
            restore(before);
        }
    }

    /**
     * Runs an action that may fail for a subject.
     *
     * @param subject whom the action runs for; null means nobody
     * @param action what to do
     * @param <T> what the action returns
     * @return what the action returned
     * @throws PrivilegedActionException around a checked exception of the action
     */
    @SuppressWarnings("IllegalCatch") // the contract of the replaced method: wrap whatever is checked
    public static <T extends @Nullable Object> T doAs(@Nullable Subject subject, PrivilegedExceptionAction<T> action)
            throws PrivilegedActionException {
        Subject before = CURRENT.get();
        CURRENT.set(subject);
        try {
            return action.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new PrivilegedActionException(e);
        } finally {
            restore(before);
        }
    }

    private static void restore(@Nullable Subject before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }
}
