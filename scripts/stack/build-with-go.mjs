import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { ClearError } from './clear-error.mjs';
import { seconds } from './progress.mjs';

/**
 * Builds one program of a committed Go module into `out`. Atomic: it is built aside and renamed, so a broken build
 * leaves nothing behind that could be taken for a program.
 */
export async function buildWithGo({ moduleFolder, target = '.', ldflags = '-s -w', out, note }) {
  const aside = `${out}.${process.pid}.tmp`;
  const began = Date.now();
  const ticker = setInterval(() => note(`building with Go, ${seconds(Date.now() - began)}`), 1000).unref();
  try {
    // -buildvcs=false: stamping asks git, which refuses in folders of another owner. GOWORK=off: nobody's workspace
    // joins in.
    await go(['build', '-buildvcs=false', '-trimpath', '-ldflags', ldflags, '-o', aside, target], moduleFolder);
    fs.chmodSync(aside, 0o755);
    fs.renameSync(aside, out);
  } finally {
    clearInterval(ticker);
    fs.rmSync(aside, { force: true });
  }
}

function go(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stop = () => child.kill('SIGTERM');
    process.once('exit', stop);
    let tail = '';
    child.stderr.on('data', (data) => (tail = (tail + data).slice(-2000)));
    child.once('error', (error) => {
      process.removeListener('exit', stop);
      reject(error.code === 'ENOENT' ? new ClearError('no `go` on PATH') : error);
    });
    child.once('close', (code) => {
      process.removeListener('exit', stop);
      const lines = tail
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('go: downloading'));
      if (code === 0) resolve();
      else reject(new ClearError(`the Go build failed: ${lines.slice(-3).join(' | ') || `exit ${code}`}`));
    });
  });
}
