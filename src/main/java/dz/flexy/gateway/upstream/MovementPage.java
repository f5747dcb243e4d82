package dz.flexy.gateway.upstream;

import java.util.List;
import java.util.Set;

import dz.flexy.gateway.account.Family;

/**
 * One page of the account's ledger.
 *
 * @param rows those that could be read
 * @param unclear of which families rows may be missing, because one could not be read
 * @param page from 1
 * @param totalPages how many there are now
 */
public record MovementPage(List<Movement> rows, Set<Family> unclear, int page, int totalPages) {
}
