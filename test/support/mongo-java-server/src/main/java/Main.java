import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.Arrays;
import java.util.List;

/**
 * Serves MongoDB's protocol from memory on a loopback port, prints the port and runs until its standard input ends.
 * Arguments: port (0: a free one), version array (4.4.0.0), wire version (9). Current drivers refuse the stock version.
 */
public class Main {
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        String version = args.length > 1 ? args[1] : "4.4.0.0";
        int wireVersion = args.length > 2 ? Integer.parseInt(args[2]) : 9;

        MemoryBackend backend = new MemoryBackend();
        backend.version(new MongoVersion() {
            @Override
            public List<Integer> getVersionArray() {
                return Arrays.stream(version.split("\\.")).map(Integer::valueOf).toList();
            }

            @Override
            public int getWireVersion() {
                return wireVersion;
            }
        });
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", port);
        System.out.println(server.getLocalAddress().getPort());
        while (System.in.read() != -1) {
            // Nothing is said to it; the end of the stream is the end of whoever started it.
        }
        server.shutdownNow();
        System.exit(0);
    }
}
