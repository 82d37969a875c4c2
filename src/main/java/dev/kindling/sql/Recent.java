package dev.kindling.sql;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what has not been asked for longest, so that it does not grow as long as the session lasts. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
