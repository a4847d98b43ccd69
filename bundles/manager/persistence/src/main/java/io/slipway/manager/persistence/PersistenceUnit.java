package io.slipway.manager.persistence;

import io.slipway.manager.persistence.row.RowClasses;
import jakarta.persistence.SharedCacheMode;
import jakarta.persistence.ValidationMode;
import jakarta.persistence.spi.ClassTransformer;
import jakarta.persistence.spi.PersistenceUnitInfo;
import jakarta.persistence.spi.PersistenceUnitTransactionType;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Describes the persistence unit to EclipseLink; what {@code persistence.xml} does where there is no OSGi. */
final class PersistenceUnit implements PersistenceUnitInfo {

    private final DataSource dataSource;
    private final ClassLoader loader;

    PersistenceUnit(DataSource dataSource) {
        this.dataSource = dataSource;
        this.loader = PersistenceUnit.class.getClassLoader();
    }

    @Override
    public String getPersistenceUnitName() {
        return "slipway";
    }

    @Override
    public String getPersistenceProviderClassName() {
        return "org.eclipse.persistence.jpa.PersistenceProvider";
    }

    @Override
    public PersistenceUnitTransactionType getTransactionType() {
        return PersistenceUnitTransactionType.RESOURCE_LOCAL;
    }

    @Override
    public @Nullable DataSource getJtaDataSource() {
        return null;
    }

    @Override
    public DataSource getNonJtaDataSource() {
        return dataSource;
    }

    @Override
    public List<String> getMappingFileNames() {
        return List.of();
    }

    @Override
    public List<URL> getJarFileUrls() {
        return List.of();
    }

    @Override
    public URL getPersistenceUnitRootUrl() {
        var path = "/" + PersistenceUnit.class.getName().replace('.', '/') + ".class";
        var url = PersistenceUnit.class.getResource(path);
        if (url == null) {
            throw new IllegalStateException("own class file not found at " + path);
        }
        var text = url.toExternalForm();
        try {
            return URI.create(text.substring(0, text.length() - path.length() + 1))
                    .toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("class file at " + url + " has no root", e);
        }
    }

    @Override
    public List<String> getManagedClassNames() {
        return RowClasses.ALL.stream().map(Class::getName).toList();
    }

    @Override
    public boolean excludeUnlistedClasses() {
        return true;
    }

    @Override
    public SharedCacheMode getSharedCacheMode() {
        return SharedCacheMode.NONE;
    }

    @Override
    public ValidationMode getValidationMode() {
        return ValidationMode.NONE;
    }

    @Override
    public Properties getProperties() {
        return new Properties();
    }

    @Override
    public String getPersistenceXMLSchemaVersion() {
        return "3.0";
    }

    @Override
    public ClassLoader getClassLoader() {
        return loader;
    }

    @Override
    public void addTransformer(ClassTransformer transformer) {
        throw new UnsupportedOperationException("classes are woven when they are built");
    }

    @Override
    public ClassLoader getNewTempClassLoader() {
        return loader;
    }
}
