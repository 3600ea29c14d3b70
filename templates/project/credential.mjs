// Makes a credential and the text for the environment: npm run credential -- key NAME, or -- password NAME.
// The credential is shown once and kept nowhere.
import { createHash, randomBytes, scryptSync } from 'node:crypto';

const [kind, name, scopes] = process.argv.slice(2);

const MAKERS = {
  key: (secret) => createHash('sha256').update(secret).digest('hex'),
  password: (secret) => {
    const salt = randomBytes(16);
    return `${salt.toString('hex')}:${scryptSync(secret, salt, 32).toString('hex')}`;
  },
};

if (!Object.hasOwn(MAKERS, kind ?? '') || !/^[^:,\s]+$/.test(name ?? '')) {
  process.stderr.write('usage: npm run credential -- key|password NAME [scope+scope]\n');
  process.exit(2);
}

const secret = randomBytes(24).toString('base64url');
const entry = [name, MAKERS[kind](secret), ...(scopes === undefined ? [] : [scopes])].join(':');
process.stdout.write(`${kind} for ${name}: ${secret}\nfor the environment: ${entry}\n`);
