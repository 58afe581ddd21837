// A machine whose clock is off by HAWSER_TEST_CLOCK_MS: `NODE_OPTIONS=--require <this file>`. Monotonic clocks and timers stay.
const offMs = Number(process.env.HAWSER_TEST_CLOCK_MS ?? 0);
const Real = Date;
const now = () => Real.now() + offMs;
globalThis.Date = class Date extends Real {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }
  static now() {
    return now();
  }
};
