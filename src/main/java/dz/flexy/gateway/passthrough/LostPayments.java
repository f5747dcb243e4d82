package dz.flexy.gateway.passthrough;

import java.time.Instant;

import dz.flexy.gateway.orders.Move;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Payments whose answer was lost: nothing settles them but a person. */
@Component
public class LostPayments {

	private final PaymentStore store;

	LostPayments(PaymentStore store) {
		this.store = store;
	}

	/**
	 * Those that nobody has decided, newest first.
	 * @param at of the last one seen, exclusive
	 * @param id of the last one seen
	 * @param limit how many at most
	 * @return completes empty if there are none
	 */
	public Flux<PaymentRow> before(Instant at, String id, int limit) {
		return this.store.unknown(at, id, limit);
	}

	/**
	 * One, wherever it stands.
	 * @param id the gateway's
	 * @return empty if there is none
	 */
	public Mono<PaymentRow> find(String id) {
		return this.store.find(id);
	}

	/**
	 * Takes a person's word for what became of one. Nothing is sent.
	 * @param id the gateway's
	 * @param paid whether it was made
	 * @param move what the operator does, written down with it
	 * @return as it stands now; empty, with nothing changed, if it is not unknown
	 */
	public Mono<PaymentRow> decide(String id, boolean paid, Move move) {
		return this.store.decide(id, paid ? Payment.State.PAID : Payment.State.NOT_PAID, move);
	}

}
