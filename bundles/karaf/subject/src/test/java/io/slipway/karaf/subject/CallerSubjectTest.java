package io.slipway.karaf.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallerSubjectTest {

    private final Subject alice = new Subject();
    private final Subject bob = new Subject();

    @Test
    void nobodyOutsideAnAction() {
        assertNull(CallerSubject.getSubject(null));
    }

    @Test
    void innermostActionWinsAndTheOuterComesBack() {
        CallerSubject.doAs(alice, (PrivilegedAction<@Nullable Void>) () -> {
            CallerSubject.doAs(bob, (PrivilegedAction<@Nullable Void>) () -> {
                assertSame(bob, CallerSubject.getSubject(null));
                return null;
            });
            assertSame(alice, CallerSubject.getSubject(null));
            return null;
        });
        assertNull(CallerSubject.getSubject(null));
    }

    @Test
    void actionForNobodyHidesTheOuterSubject() {
        CallerSubject.doAs(alice, (PrivilegedAction<@Nullable Void>) () -> {
            CallerSubject.doAs(null, (PrivilegedAction<@Nullable Void>) () -> {
                assertNull(CallerSubject.getSubject(null));
                return null;
            });
            return null;
        });
    }

    @Test
    void threadsMadeByAnActionInheritAndOthersDoNot() throws Exception {
        var inside = new AtomicReference<@Nullable Subject>();
        var outside = new AtomicReference<@Nullable Subject>(alice);
        var made = CallerSubject.doAs(alice, (PrivilegedAction<Thread>)
                () -> new Thread(() -> inside.set(CallerSubject.getSubject(null)), "in"));
        var other = new Thread(() -> outside.set(CallerSubject.getSubject(null)), "out");
        made.start();
        other.start();
        made.join(Duration.ofSeconds(10));
        other.join(Duration.ofSeconds(10));
        assertSame(alice, inside.get());
        assertNull(outside.get());
    }

    @Test
    void checkedFailureIsWrappedAndSubjectRestored() {
        var failure = assertThrows(
                PrivilegedActionException.class,
                () -> CallerSubject.doAs(alice, (PrivilegedExceptionAction<Void>) () -> {
                    throw new IOException("disk");
                }));
        assertEquals("disk", failure.getException().getMessage());
        assertNull(CallerSubject.getSubject(null));
    }

    @Test
    void uncheckedFailureIsThrownAsItIs() {
        assertThrows(
                IllegalStateException.class,
                () -> CallerSubject.doAs(alice, (PrivilegedExceptionAction<Void>) () -> {
                    throw new IllegalStateException("bug");
                }));
        assertNull(CallerSubject.getSubject(null));
    }
}
