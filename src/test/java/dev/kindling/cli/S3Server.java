package dev.kindling.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/** An S3 server in this JVM, on loopback and a free port, with one bucket in memory. */
final class S3Server {
    static final String BUCKET = "bucket";
    static final String ROOT = "s3a://" + BUCKET + "/";

    private final BlobStoreContext context = ContextBuilder.newBuilder(new TransientApiMetadata())
            .credentials("nobody", "secret")
            .build(BlobStoreContext.class);
    private final S3Store store = new S3Store(context.getBlobStore());
    private final S3Proxy proxy;

    S3Server() throws Exception {
        store.createContainerInLocation(null, BUCKET);
        proxy = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .ignoreUnknownHeaders(true) // checksums of the SDK
                .build();
        proxy.start();
    }

    S3Store store() {
        return store;
    }

    /** Settings of hadoop-aws, for this server. */
    private Map<String, String> settings() {
        return Map.of(
                "fs.s3a.endpoint", "http://127.0.0.1:" + proxy.getPort(),
                "fs.s3a.endpoint.region", "us-east-1",
                "fs.s3a.path.style.access", "true",
                "fs.s3a.access.key", "nobody",
                "fs.s3a.secret.key", "secret",
                "fs.s3a.connection.maximum", "50",
                "fs.s3a.attempts.maximum", "2");
    }

    Configuration set(Configuration configuration) {
        settings().forEach(configuration::set);
        return configuration;
    }

    /** The same for spark-submit. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        settings().forEach((name, value) -> options.addAll(List.of("--conf", "spark.hadoop." + name + "=" + value)));
        return options;
    }

    void stop() throws Exception {
        proxy.stop();
        context.close();
    }
}
