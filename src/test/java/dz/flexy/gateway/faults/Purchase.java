package dz.flexy.gateway.faults;

import java.math.BigDecimal;

/**
 * What the upstream sold, by its own books.
 *
 * @param id the upstream's
 * @param ref as the gateway sent it, empty for gift cards
 * @param item as {@link Intent} names it
 * @param status the present one
 * @param charged what it costs the account, refunds deducted
 */
record Purchase(String id, String ref, String item, String status, BigDecimal charged) {

}
