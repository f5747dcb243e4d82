package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Upstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What several replicas on one database show the upstream of their keys. */
@Isolated("replicas wait ten seconds at most for their turn to show a key")
@Tag("proof")
class KeyReplicasScenarioTest {

	private static final String KEY = "gateway.upstream.accounts.main.api-key";

	private static final Map<String, Object> WITHOUT_NOTIFY = Map.of("gateway.signal.notify", false);

	private final List<GatewayUnderTest> replicas = new ArrayList<>();

	@AfterEach
	void close() {
		this.replicas.reversed().forEach(GatewayUnderTest::close);
	}

	@Test
	void aKeyWrongFromTheStartCostsOneRequestOverThreeReplicasAndTheirRestart() {
		start(3, Map.of(KEY, "wrong"));

		assertThat(everywhere("main")).hasSize(3).allMatch(Outcome.NotSent.class::isInstance);
		this.replicas.forEach(GatewayUnderTest::restart);
		assertThat(everywhere("main")).allMatch(Outcome.NotSent.class::isInstance);

		assertThat(requests()).isEqualTo(1);
	}

	@Test
	void aGoodKeyIsCheckedOnceOverThreeReplicas() {
		start(3, Map.of());

		assertThat(everywhere("main")).hasSize(3).allMatch(Outcome.Success.class::isInstance);

		assertThat(this.replicas.get(0).upstream().requests().count((request) -> request.path().endsWith("/validate")))
			.isEqualTo(1);
	}

	@Test
	void aStopReachesTheOthers() {
		start(2, Map.of());

		assertAStopSpreads();
	}

	@Test
	void aStopReachesTheOthersWithoutNotify() {
		start(2, WITHOUT_NOTIFY);

		assertAStopSpreads();
	}

	/**
	 * A rolling update: the old key's replica still runs, and knows that it is refused.
	 */
	@Test
	void aMendedKeyStartsAtOnceBesideTheOld() {
		start(1, Map.of(KEY, "wrong"));
		assertThat(everywhere("main")).allMatch(Outcome.NotSent.class::isInstance);

		GatewayUnderTest mended = add(Map.of(KEY, "sim-key-1"));

		assertThat(balance(mended, "main").block(GatewayUnderTest.patience())).isInstanceOf(Outcome.Success.class);
		assertThat(standing(this.replicas.get(0), "main")).isInstanceOf(Standing.Stopped.class);
		Mono.delay(Duration.ofSeconds(1)).block();
		assertThat(standing(mended, "main")).isInstanceOf(Standing.Active.class);
	}

	/** Whichever of them claims it first. */
	@Test
	void anOrderIsSentByTheReplicaThatHasTheMendedKey() {
		start(1, Map.of(KEY, "wrong"));
		everywhere("main");
		GatewayUnderTest mended = add(Map.of(KEY, "sim-key-1"));
		Mono.fromSupplier(() -> this.replicas.get(0).bean(Replicas.class).live())
			.filter((live) -> live == 2)
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());

		List<String> ids = Flux.range(0, 6)
			.flatMap((i) -> mended.send("03636261" + i, "mended-" + i))
			.map(GatewayUnderTest.Answer::topupId)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(Flux.fromIterable(ids).flatMap(mended::end).collectList().block(GatewayUnderTest.patience()))
			.hasSize(6)
			.allMatch((order) -> order.path("state").asString().equals("FULFILLED"));
	}

	@Test
	void aBlockedAddressStopsEveryAccountEverywhere() {
		start(2, accounts("main", "sim-key-1", "second", "sim-key-2"));
		this.replicas.get(0).upstream().faults().next(Fault.refused(403, "IP_BLOCKED"), RequestMatch.onAny()).always();

		assertThat(balance(this.replicas.get(0), "main").block(GatewayUnderTest.patience()))
			.isInstanceOf(Outcome.NotSent.class);
		assertThat(everywhere("second")).allMatch(Outcome.NotSent.class::isInstance);
		GatewayUnderTest later = add(accounts("main", "new-key", "second", "sim-key-2"));
		assertThat(balance(later, "main").block(GatewayUnderTest.patience())).isInstanceOf(Outcome.NotSent.class);

		assertThat(requests()).isEqualTo(1);
	}

	@Test
	void threeAccountsWithWrongKeysCostTwoRequests() {
		start(2, accounts("main", "wrong-1", "second", "wrong-2", "third", "wrong-3"));

		List<Outcome<BigDecimal>> outcomes = Flux.just("main", "second", "third")
			.flatMap((account) -> Flux.fromIterable(this.replicas).flatMap((replica) -> balance(replica, account)))
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(outcomes).hasSize(6).allMatch(Outcome.NotSent.class::isInstance);
		assertThat(requests()).isEqualTo(2);
	}

	private void start(int count, Map<String, Object> settings) {
		this.replicas.add(GatewayUnderTest.start(settings));
		while (this.replicas.size() < count) {
			add(settings);
		}
	}

	private GatewayUnderTest add(Map<String, Object> settings) {
		GatewayUnderTest replica = this.replicas.get(0).another(settings);
		this.replicas.add(replica);
		return replica;
	}

	/** What each replica gets for a read, all asked at once. */
	private List<Outcome<BigDecimal>> everywhere(String account) {
		return Flux.fromIterable(this.replicas)
			.flatMap((replica) -> balance(replica, account))
			.collectList()
			.block(GatewayUnderTest.patience());
	}

	/** Once one replica was refused, the other asks no more either. */
	private void assertAStopSpreads() {
		assertThat(everywhere("main")).allMatch(Outcome.Success.class::isInstance);
		GatewayUnderTest other = this.replicas.get(1);
		other.upstream().account("sim-key-1").setKeyRevoked(true);
		other.upstream().requests().clear();

		balance(this.replicas.get(0), "main").block(GatewayUnderTest.patience());
		Accounts accounts = other.bean(Accounts.class);
		Flux.interval(Duration.ofMillis(5))
			.onBackpressureDrop()
			.concatMap((i) -> accounts.standing(accounts.get(new AccountId("main"))))
			.filter(Standing.Stopped.class::isInstance)
			.blockFirst(GatewayUnderTest.patience());

		assertThat(balance(other, "main").block(GatewayUnderTest.patience())).isInstanceOf(Outcome.NotSent.class);
		assertThat(requests()).isEqualTo(1);
	}

	private static Mono<Outcome<BigDecimal>> balance(GatewayUnderTest replica, String account) {
		return replica.bean(Upstream.class)
			.balance(Call.refresh(replica.bean(Accounts.class).get(new AccountId(account))));
	}

	private static Standing standing(GatewayUnderTest replica, String account) {
		Accounts accounts = replica.bean(Accounts.class);
		return accounts.standing(accounts.get(new AccountId(account))).block(GatewayUnderTest.patience());
	}

	private long requests() {
		return this.replicas.get(0).upstream().requests().all().size();
	}

	private static Map<String, Object> accounts(String... namesAndKeys) {
		Map<String, Object> settings = new HashMap<>();
		for (int i = 0; i < namesAndKeys.length; i += 2) {
			settings.put("gateway.upstream.accounts." + namesAndKeys[i] + ".api-key", namesAndKeys[i + 1]);
		}
		settings.put("gateway.callers.shop.account", "main");
		settings.put("gateway.callers.other.account", "main");
		return settings;
	}

}
