package dev.kindling.training;

import dev.kindling.error.KindlingException;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import scala.Function1;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where the messages of tasks come in, beside those of Spark itself: the same port, the same authentication and encryption.
 * Spark hands over one message at a time.
 */
final class RoundEndpoint implements ThreadSafeRpcEndpoint {
    private final RpcEnv rpcEnv;
    private volatile Round round;

    RoundEndpoint(RpcEnv rpcEnv) {
        this.rpcEnv = rpcEnv;
    }

    /** From now on messages are for this round. */
    void begin(Round next) {
        round = next;
    }

    private void receive(RoundMessage message, RpcCallContext sender) {
        Round now = round;
        if (now == null) {
            sender.reply(RoundMessage.of(RoundMessage.Kind.END, message.round(), 0, 0)
                    .toBytes());
        } else {
            now.receive(message, sender);
        }
    }

    @Override
    public RpcEnv rpcEnv() {
        return rpcEnv;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext sender) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Object message) {
                return true;
            }

            @Override
            @SuppressWarnings("unchecked") // Scala's type says A1 <: Object, B1 >: BoxedUnit
            public <A1, B1> B1 applyOrElse(A1 message, Function1<A1, B1> others) {
                try {
                    receive(RoundMessage.read(message), sender);
                } catch (KindlingException e) {
                    // Ends the task, and so the round. The executor's threads see no class of ours.
                    sender.sendFailure(new IllegalArgumentException(e.getMessage()));
                }
                return (B1) BoxedUnit.UNIT;
            }
        };
    }
}
