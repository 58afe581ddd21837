import type { ProcessDocument } from '#store/documents.js';
import { whoLacks, type KeyRing } from '../../keys/key-holders.js';
import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';

/** Every living gateway and worker holds the keys that any of them writes with. */
export const keySpread: Check = {
  name: 'everybody holds the keys in use',
  needs: ['store'],
  run: async ({ store }) => unspread(await store.processes.living()),
};

/** Keys that somebody writes with and somebody lacks are a problem; those that are only held are being spread. Pure. */
export function unspread(living: readonly ProcessDocument[]): Finding[] {
  const rings: [KeyRing, (process: ProcessDocument) => readonly string[]][] = [
    ['payload', ({ payloadKeys }) => payloadKeys],
    ['vault', ({ sealingKeys }) => sealingKeys],
  ];
  return rings.flatMap(([ring, keysOf]) => {
    const used = new Set(living.flatMap((process) => keysOf(process).slice(0, 1)));
    const held = new Set(living.flatMap((process) => [...keysOf(process)]));
    return [...held].flatMap((kid) => {
      const lacking = whoLacks(living, ring, kid);
      if (lacking.length === 0) return [];
      return [used.has(kid) ? lacked(ring, kid, lacking) : spreading(ring, kid, lacking)];
    });
  });
}

const lacked = (ring: KeyRing, kid: string, lacking: string[]): Finding =>
  problem('key_not_spread', kid, {
    what: `The ${ring} key "${kid}" is in use, but ${lacking.join('; ')}.`,
    why:
      ring === 'payload'
        ? 'What others write to Temporal they cannot read: jobs wait, requests answer payload_key_missing.'
        : 'What others seal they cannot open: connections wait (key_missing).',
    next: 'Give them the present files of keys/; running processes read them anew within a second.',
  });

const spreading = (ring: KeyRing, kid: string, lacking: string[]): Finding =>
  notice('key_spreading', kid, {
    what: `The ${ring} key "${kid}" is held by some only: ${lacking.join('; ')}.`,
    why: 'It is a rotation under way, or an old key that is not everywhere dropped yet.',
    next: `Give everybody the same files, then run \`npm run keys -- use ${kid}\` (a new key) or \`drop\` (an old one).`,
  });
