package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.upstream.GiftCatalog;

import org.springframework.stereotype.Component;

/** The gift catalogue of each account. */
@Component
class GiftCatalogs extends Copies<AccountId, GiftCatalog> {

	static final Duration FRESH = Duration.ofMinutes(10);

	GiftCatalogs(Source source, Clock clock) {
		super(clock, FRESH, source::giftCatalog);
	}

}
