package dz.flexy.gateway.upstream;

import java.util.List;

/**
 * One page of a list.
 *
 * @param rows newest first, as documented
 * @param unreadable how many more there were that could not be read
 * @param page from 1
 * @param totalPages how many there are now
 */
public record TopupPage(List<Topup> rows, int unreadable, int page, int totalPages) {

	/**
	 * Whether no page follows.
	 * @return whether
	 */
	public boolean last() {
		return this.page >= this.totalPages;
	}

}
