package dev.kindling.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.BlobMetadata;
import org.jclouds.blobstore.domain.MutableStorageMetadata;
import org.jclouds.blobstore.domain.PageSet;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.options.CopyOptions;
import org.jclouds.blobstore.options.GetOptions;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.jclouds.blobstore.options.PutOptions;
import org.jclouds.blobstore.util.ForwardingBlobStore;
import org.jclouds.rest.AuthorizationException;

/**
 * What the server stands on: one request after the other, as S3 promises it. It writes down each, can refuse all changes from
 * one on, as if their client had died, and can hold them up until the client is dead.
 */
final class S3Store extends ForwardingBlobStore {
    private final List<String> requests = new ArrayList<>();
    private Predicate<String> last = request -> false;
    private boolean holds;
    private boolean refuses;
    private boolean held;
    private Instant past = Instant.EPOCH;

    S3Store(BlobStore store) {
        super(store);
    }

    /** What has been asked since this was asked last: {@code GET key}, {@code HEAD}, {@code LIST}, {@code PUT}, {@code COPY}, {@code DELETE}. */
    synchronized List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /** Refuses a change and all after it. */
    synchronized void refuseFrom(Predicate<String> change) {
        last = change;
        holds = false;
    }

    /** Refuses all changes after so many. */
    void refuseAfter(int changes) {
        int[] left = {changes};
        refuseFrom(change -> left[0]-- == 0);
    }

    /** Does not answer a change, nor any after it, and does not do them. */
    synchronized void holdFrom(Predicate<String> change) {
        last = change;
        holds = true;
    }

    /** Waits until there is something that is not answered. */
    synchronized void awaitHeld() throws InterruptedException {
        while (!held) {
            wait();
        }
    }

    /** Does all from now on. */
    synchronized void live() {
        last = request -> false;
        refuses = false;
        held = false;
        notifyAll();
    }

    /** All that is there now was changed an hour earlier than it was. */
    synchronized void anHourPasses() {
        past = Instant.now();
    }

    /** All keys, without the markers of folders. */
    synchronized List<String> keys() {
        return super.list(S3Server.BUCKET, ListContainerOptions.Builder.recursive()).stream()
                .map(StorageMetadata::getName)
                .filter(key -> !key.endsWith("/"))
                .sorted()
                .toList();
    }

    /** All keys that begin with something. */
    List<String> keys(String prefix) {
        return keys().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    private void change(String request) {
        requests.add(request);
        refuses |= last.test(request);
        if (refuses && holds) {
            held = true;
            notifyAll();
            while (held) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            throw new AuthorizationException("its client is dead");
        }
        if (refuses) {
            throw new AuthorizationException("refused");
        }
    }

    @Override
    public synchronized PageSet<? extends StorageMetadata> list(String bucket, ListContainerOptions options) {
        requests.add("LIST " + options.getPrefix());
        PageSet<? extends StorageMetadata> found = super.list(bucket, options);
        for (StorageMetadata object : found) {
            if (object.getLastModified() != null) {
                Instant time = object.getLastModified().toInstant();
                if (!time.isAfter(past)) {
                    ((MutableStorageMetadata) object).setLastModified(Date.from(time.minus(Duration.ofHours(1))));
                }
            }
        }
        return found;
    }

    @Override
    public synchronized BlobMetadata blobMetadata(String bucket, String key) {
        requests.add("HEAD " + key);
        return super.blobMetadata(bucket, key);
    }

    @Override
    public synchronized Blob getBlob(String bucket, String key, GetOptions options) {
        requests.add("GET " + key);
        return super.getBlob(bucket, key, options);
    }

    @Override
    public synchronized String putBlob(String bucket, Blob blob, PutOptions options) {
        change("PUT " + blob.getMetadata().getName());
        return super.putBlob(bucket, blob, options);
    }

    @Override
    public synchronized String copyBlob(
            String fromBucket, String from, String toBucket, String to, CopyOptions options) {
        change("COPY " + to);
        return super.copyBlob(fromBucket, from, toBucket, to, options);
    }

    @Override
    public synchronized void removeBlob(String bucket, String key) {
        change("DELETE " + key);
        super.removeBlob(bucket, key);
    }

    @Override
    public synchronized void removeBlobs(String bucket, Iterable<String> keys) {
        for (String key : keys) { // one request, of which the client may not hear that it was done in part
            removeBlob(bucket, key);
        }
    }

    /** How many of some requests are for keys that match. */
    static long count(List<String> requests, String key) {
        Pattern pattern = Pattern.compile("[A-Z]+ " + key);
        return Stream.of(requests)
                .flatMap(List::stream)
                .filter(request -> pattern.matcher(request).matches())
                .count();
    }
}
