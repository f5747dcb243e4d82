package dz.flexy.gateway.simulator;

/**
 * All that one account has, whichever of its keys asks.
 */
record Tenant(Book book, Catalogue catalogue, GiftShelf shelf, GiftOrders gifts, PaymentLinks links, Bills bills) {

	static Tenant of(Book book) {
		GiftShelf shelf = new GiftShelf();
		return new Tenant(book, new Catalogue(), shelf, new GiftOrders(book, shelf), new PaymentLinks(book),
				new Bills(book));
	}

}
