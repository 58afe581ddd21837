// Lines of progress: one per step, with the time it took. On a terminal the steps under way stand in one moving line
// below; elsewhere (CI, a file) a long step says every half minute that it is still alive.

export const seconds = (ms) =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;

export function createProgress({ stream = process.stdout, remindEveryMs = 30_000 } = {}) {
  const running = new Map();
  let ticker;

  const moving = () =>
    [...running]
      .map(([label, s]) => `${label}${s.note ? `: ${s.note}` : ''} (${seconds(Date.now() - s.began)})`)
      .join(' · ');
  const wipe = () => stream.isTTY && stream.write('\r\x1b[K');
  const draw = () =>
    stream.isTTY && running.size > 0 && stream.write(`\r\x1b[K${moving().slice(0, (stream.columns ?? 80) - 1)}`);

  function line(text) {
    wipe();
    stream.write(`${text}\n`);
    draw();
  }

  function tick() {
    if (stream.isTTY) return draw();
    for (const [label, s] of running) {
      if (Date.now() - s.reminded < remindEveryMs) continue;
      s.reminded = Date.now();
      line(`  …  ${label}: ${s.note ?? 'under way'}, ${seconds(Date.now() - s.began)} so far`);
    }
  }

  /** Runs one step. `work` gets `note(text)`, which says what it is doing now; the last note is shown at the end. */
  async function step(label, work) {
    const state = { began: Date.now(), reminded: Date.now(), note: undefined };
    running.set(label, state);
    ticker ??= setInterval(tick, 500).unref();
    draw();
    const end = (mark) => {
      running.delete(label);
      line(`  ${mark}  ${label}${state.note ? ` (${state.note})` : ''}  ${seconds(Date.now() - state.began)}`);
      if (running.size === 0) {
        clearInterval(ticker);
        ticker = undefined;
      }
    };
    try {
      const result = await work((text) => ((state.note = text), draw()));
      end('✓');
      return result;
    } catch (error) {
      end('✗');
      throw error;
    }
  }

  return { step, line };
}
