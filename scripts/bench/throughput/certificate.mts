import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../../../test/support/tls');

/** For localhost and 127.0.0.1. */
export const CERTIFICATE_FILE = path.join(FOLDER, 'certificate.pem');
export const KEY_FILE = path.join(FOLDER, 'key.pem');
