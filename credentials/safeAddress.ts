/** The addresses that the node itself accepts: https, and plain http to hosts that nobody outside can own. */
const SAFE =
	'^(https://|http://(localhost|127([.][0-9]+){3}|10([.][0-9]+){3}|192[.]168([.][0-9]+){2}|172[.](1[6-9]|2[0-9]|3[01])([.][0-9]+){2}|[[](::1|f[cd][0-9a-f:]+)[]])(:[0-9]+)?(/|$))';

/**
 * An expression for the test of a credential: the address, or where the secret would be seen on the way, no address
 * at all.
 * @param field of the credential
 * @param label what the form calls it
 * @param tail appended to the address, in the expression's own words
 */
export const safeAddress = (field: string, label: string, tail = '') =>
	`={{ new RegExp("${SAFE}", "i").test($credentials.${field}.trim()) ? $credentials.${field}.trim()${tail} : "${label} must start with https" }}`;
