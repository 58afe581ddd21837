import { readWorkerConfig } from './worker-config.js';

test.each(['HAWSER_LEASE_MS', 'HAWSER_REQUEST_MS'])(
  '%s cannot exceed what a disconnect waits for: it would be done while a request may still be under way',
  (name) => {
    const most = name === 'HAWSER_LEASE_MS' ? 30_000 : 60_000;
    expect(() => readWorkerConfig({ [name]: String(most) })).not.toThrow();
    expect(() => readWorkerConfig({ [name]: String(most + 1) })).toThrow(name);
  },
);
