package dz.flexy.gateway.catalog;

import dz.flexy.gateway.account.AccountId;

/** Prices are an account's own, so each account has its list of each type. */
record ListKey(AccountId account, String type) {
}
