import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Who may use the Temporal Web UI: whoever can read a file of this data folder, once for each browser. */
export function createUiSession(dataDir) {
  const sessionFile = path.join(dataDir, 'web-ui-session');
  const codeFile = path.join(dataDir, 'web-ui-code');
  // Kept over restarts: a page that stays open goes on working.
  const session = readOr(sessionFile, () => randomBytes(24).toString('base64url'));
  let code = newCode();

  function newCode() {
    const fresh = randomBytes(9).toString('base64url');
    write(codeFile, fresh);
    return fresh;
  }

  return {
    codeFile,
    /** Whether the cookie of a browser is that of a person who has entered a code. */
    knows: (cookie) => same(cookie, session),
    /** Takes a code once: the cookie's value, or null. A wrong guess makes another code, so that guessing leads nowhere. */
    enter(given) {
      const right = same(given.trim(), code);
      code = newCode();
      return right ? session : null;
    },
  };
}

function readOr(file, make) {
  if (!fs.existsSync(file)) write(file, make());
  fs.chmodSync(file, 0o600);
  return fs.readFileSync(file, 'utf8').trim();
}

const write = (file, text) => fs.writeFileSync(file, text, { mode: 0o600 });

const digest = (text) => createHash('sha256').update(text).digest();
const same = (given, wanted) => typeof given === 'string' && timingSafeEqual(digest(given), digest(wanted));
