import { inCase, seedFrom } from './fuzz-seed.js';

test('the same seed every day, a new one for the whole proof, and the one that is asked for', () => {
  expect(seedFrom({})).toBe(seedFrom({}));
  expect(new Set(Array.from({ length: 5 }, () => seedFrom({ HAWSER_PROOF: 'full' }))).size).toBeGreaterThan(1);
  expect(seedFrom({ HAWSER_PROOF: 'full', HAWSER_FUZZ_SEED: '7' })).toBe(7);
  expect(() => seedFrom({ HAWSER_FUZZ_SEED: 'x' })).toThrow('HAWSER_FUZZ_SEED');
});

test('a failure names its case and how to repeat it', async () => {
  const failing = inCase('case 3', 7, () => expect(1).toBe(2));
  await expect(failing).rejects.toThrow(/^case 3\nRepeat with HAWSER_FUZZ_SEED=7\.\n/);
  await expect(inCase('case 3', 7, () => 5)).resolves.toBe(5);
});
