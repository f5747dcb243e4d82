package dz.flexy.gateway.orders;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far the sending of an order has come. All times are the database's.
 *
 * @param count sends that may have acted
 * @param firstAt when the first one was committed, whatever became of it
 * @param at when the last one was committed
 * @param by the last one's first byte left no later than this
 * @param deadline no send is begun after this
 * @param absences complete looks past {@code by} that did not find the order
 * @param absentAt when the last such look was noted
 * @param arrived whether the upstream has said that it knows our reference; whatever the
 * looks show, the order is then never given up
 * @param askFirst whether its caller may have sent the same ref upstream himself
 */
public record Sending(int count, @Nullable Instant firstAt, @Nullable Instant at, @Nullable Instant by,
		Instant deadline, int absences, @Nullable Instant absentAt, boolean arrived, boolean askFirst) {
}
