/**
 * Has Jest take n8n, and what must be of n8n's age, from the folder COMPAT_HOST: for the tests and for the
 * built package alike. Packages find each other as ever.
 */
const path = require('node:path');

const host = process.env.COMPAT_HOST;
const { dependencies = {} } = require(path.join(host, 'package.json'));
const isOfHost = (specifier) =>
	Object.keys(dependencies).some((name) => specifier === name || specifier.startsWith(`${name}/`));

module.exports = (specifier, options) => {
	const isOurs = !options.basedir.split(path.sep).includes('node_modules');
	const basedir = isOurs && isOfHost(specifier) ? host : options.basedir;
	return options.defaultResolver(specifier, { ...options, basedir });
};
