// Keeps the sources of the kind that was asked for.
import java.nio.file.Files

def root = new File(request.outputDirectory, request.artifactId).toPath()
def kinds = root.resolve('kinds')
Files.move(kinds.resolve(request.properties['kind']).resolve('src'), root.resolve('src'))
kinds.toFile().deleteDir()
Files.move(root.resolve('gitignore'), root.resolve('.gitignore'))
