/** Temporal's time by way of the tasks that a worker takes, whatever its own clock says. */
import { TemporalTime } from './temporal-time.js';

const SERVER = Date.UTC(2026, 0, 2, 12);
const MINUTE = 60_000;

/** A machine that has run for an hour, whose wall clock is off by so much. */
function machine(offMs: number) {
  const clock = { passed: 0 };
  const time = new TemporalTime(
    () => 3_600_000 + clock.passed,
    () => SERVER + clock.passed + offMs,
  );
  return { time, clock, server: () => SERVER + clock.passed };
}

test.each([-10 * MINUTE, 0, 10 * MINUTE])(
  'g02: a wall clock that is %d ms off changes nothing once a task was seen',
  (offMs) => {
    const { time, clock, server } = machine(offMs);
    time.see(server());
    clock.passed += 90_000;
    expect(time.now()).toBe(server());
  },
);

test('g02: before the first task there is only the wall clock', () => {
  const { time, server } = machine(-10 * MINUTE);
  expect(time.now()).toBe(server() - 10 * MINUTE);
});

test('g02: a task that waited long in its queue does not set the time back', () => {
  const { time, clock, server } = machine(0);
  time.see(server());
  clock.passed += 5 * MINUTE;
  time.see(server() - 3 * MINUTE);
  expect(time.now()).toBe(server());
  clock.passed += 6 * MINUTE;
  time.see(server() - 3 * MINUTE);
  expect(time.now()).toBe(server());
});

test('g02: a machine that slept, and a server whose clock was put back, are followed', () => {
  const { time, clock, server } = machine(0);
  time.see(server());
  time.see(server() + 30 * MINUTE);
  expect(time.now()).toBe(server() + 30 * MINUTE);
  for (let round = 0; round < 3; round += 1) {
    clock.passed += 11 * MINUTE;
    time.see(server());
  }
  expect(time.now()).toBe(server());
});
