package dz.flexy.gateway.upstream;

import java.util.List;

/**
 * One page of the account's ledger.
 *
 * @param rows those that could be read
 * @param complete whether every row could be read
 * @param page from 1
 * @param totalPages how many there are now
 */
public record MovementPage(List<Movement> rows, boolean complete, int page, int totalPages) {
}
