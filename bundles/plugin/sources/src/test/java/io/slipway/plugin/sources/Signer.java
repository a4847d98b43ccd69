package io.slipway.plugin.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Somebody with a key, who signs with what the JDK's own tools are made of. */
record Signer(Path store, String name, X509Certificate certificate) {

    private static final String PASSWORD = "changeit-for-tests";

    static Signer of(Path folder, String name) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve(name + ".p12");
        run(
                store,
                "keytool",
                List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "30"));
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new Signer(store, name, (X509Certificate) keys.getCertificate(name));
    }

    /** As jarsigner does, which would be a JVM of its own for each jar. */
    void sign(Path jar) throws IOException, GeneralSecurityException {
        var password = new KeyStore.PasswordProtection(PASSWORD.toCharArray());
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        var signer = new JarSigner.Builder((KeyStore.PrivateKeyEntry) keys.getEntry(name, password))
                .signerName(name.toUpperCase(Locale.ROOT))
                .build();
        var signed = jar.resolveSibling(jar.getFileName() + ".signed");
        try (var unsigned = new ZipFile(jar.toFile());
                var out = Files.newOutputStream(signed)) {
            signer.sign(unsigned, out);
        }
        Files.move(signed, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    void trustedIn(Path folder) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static void run(Path store, String tool, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(arguments);
        var log = store.resolveSibling(tool + ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), tool);
        assertEquals(0, process.exitValue(), Files.readString(log));
    }
}
