package dz.flexy.gateway.polling;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;

/**
 * The last sweep of an account's orders of one family, on whichever replica.
 *
 * @param account whose orders
 * @param family of which product
 * @param ended when, by the database's clock
 * @param took its length
 * @param due orders that were due for a look
 * @param changed how many of them had changed
 * @param failed whether it broke off
 * @param dropped beats that found a sweep still running since this sweeper took over
 */
public record SweepReport(AccountId account, Family family, Instant ended, Duration took, int due, int changed,
		boolean failed, long dropped) {
}
