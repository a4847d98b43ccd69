package io.slipway.karaf.subject;

import io.slipway.karaf.subject.ConstantPoolRewriter.Method;
import java.util.Set;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/** Sends the calls by which Karaf asks for its caller to {@link CallerSubject}. */
final class SubjectWeaver implements WeavingHook {

    private static final String SUBJECT = "Ljavax/security/auth/Subject;";
    private static final String JAAS_HELPER = "org/apache/karaf/util/jaas/JaasHelper";

    /** Where Karaf and its copy of Felix EventAdmin live. */
    private static final Set<String> WOVEN = Set.of("org.apache.karaf.", "org.apache.felix.eventadmin.");

    static final Set<Method> REDIRECTED = Set.of(
            new Method("javax/security/auth/Subject", "getSubject", "(Ljava/security/AccessControlContext;)" + SUBJECT),
            new Method(JAAS_HELPER, "doAs", "(" + SUBJECT + "Ljava/security/PrivilegedAction;)Ljava/lang/Object;"),
            new Method(
                    JAAS_HELPER,
                    "doAs",
                    "(" + SUBJECT + "Ljava/security/PrivilegedExceptionAction;)Ljava/lang/Object;"));

    private final ConstantPoolRewriter rewriter =
            new ConstantPoolRewriter(REDIRECTED, CallerSubject.class.getName().replace('.', '/'));

    @Override
    public void weave(WovenClass woven) {
        if (WOVEN.stream().noneMatch(woven.getClassName()::startsWith)) {
            return;
        }
        rewriter.rewrite(woven.getBytes()).ifPresent(bytes -> {
            woven.setBytes(bytes);
            woven.getDynamicImports().add(CallerSubject.class.getPackageName());
        });
    }
}
