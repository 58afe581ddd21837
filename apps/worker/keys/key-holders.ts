/** Which living processes stand in the way of a phase of a rotation, in words for the operator (pure). */
import type { ProcessDocument } from '#store/documents.js';

export type KeyRing = 'vault' | 'payload';

/** Those that do not hold the key: what others write with it they could not read. A gateway holds public vault keys only. */
export function whoLacks(processes: readonly ProcessDocument[], ring: KeyRing, kid: string): string[] {
  return processes.flatMap((process) => {
    const missing = filesOf(process, ring).filter(({ keys }) => !keys.includes(kid));
    return missing.map(
      ({ file, keys }) => `${process.name} lacks it in ${file} (it holds ${keys.join(', ') || 'none'})`,
    );
  });
}

/** Those that still encrypt or seal with another key than this one. */
export function whoUsesAnother(processes: readonly ProcessDocument[], ring: KeyRing, kid: string): string[] {
  return processes.flatMap((process) => {
    const [used] = ring === 'payload' ? process.payloadKeys : process.sealingKeys;
    if (used === kid) return [];
    return [`${process.name} still ${ring === 'payload' ? 'encrypts' : 'seals'} with ${used ?? 'no key'}`];
  });
}

function filesOf(process: ProcessDocument, ring: KeyRing): { file: string; keys: readonly string[] }[] {
  if (ring === 'payload') return [{ file: 'payload.json', keys: process.payloadKeys }];
  return [
    { file: 'vault.public.json', keys: process.sealingKeys },
    ...(process.openingKeys === null ? [] : [{ file: 'vault.private.json', keys: process.openingKeys }]),
  ];
}
