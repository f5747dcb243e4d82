package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

/**
 * What a send asks for (contract section 4.3).
 *
 * @param type {@code ADSL} or {@code 4G}
 * @param number in the format of its type
 * @param value a denomination in DZD
 * @param ref the gateway's own reference, never used before
 */
public record InternetPurchase(String type, String number, BigDecimal value, String ref) {
}
