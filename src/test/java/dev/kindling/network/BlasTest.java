package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlasTest {
    @Test
    void aLibraryThatIsRightPasses() {
        assertThat(Blas.multipliesRight(JavaBLAS.getInstance())).isTrue();
    }

    @Test
    void aLibraryIsRefusedThatIsWrongWhileTwoThreadsAreInIt() {
        AtomicInteger inside = new AtomicInteger();
        BLAS broken = (BLAS) Proxy.newProxyInstance(
                BLAS.class.getClassLoader(), new Class<?>[] {BLAS.class}, (proxy, method, arguments) -> {
                    try {
                        boolean alone = inside.incrementAndGet() == 1;
                        Object result = method.invoke(JavaBLAS.getInstance(), arguments);
                        if (!alone && method.getName().equals("sgemm")) {
                            ((float[]) arguments[13])[0] += 1;
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        inside.decrementAndGet();
                    }
                });
        assertThat(Blas.multipliesRight(broken)).isFalse();
    }
}
