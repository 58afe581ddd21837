import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const VALUES = {
  HAWSER_KEYRING_PRIVATE: '{"keys":[{"d":"planted-private-key"}]}',
  HAWSER_KEYRING_PAYLOAD: '{"keys":[{"k":"planted-payload-key"}]}',
  MONGODB_URI: 'mongodb://root:planted-password@db.example/hawser',
  HAWSER_CODEC_TOKEN: 'planted-codec-token',
  TEMPORAL_API_KEY: 'planted-api-key',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'planted-client-key',
  TEMPORAL_GRPC_META_AUTHORIZATION: 'planted-header',
};

/** In a process of its own: Jest's `process.env` is a copy already. */
function run(hide: boolean): { report: string; seen: Record<string, string> } {
  const script = `
    const { transformFileSync } = require('@swc/core');
    const { code } = transformFileSync(${JSON.stringify(resolve(__dirname, 'hide-environment.ts'))}, { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
    const exported = {}; new Function('exports', code)(exported);
    if (${hide}) exported.hideSecretSettings();
    console.log(JSON.stringify({ report: JSON.stringify(process.report.getReport()), seen: process.env }));`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script], {
      env: { PATH: process.env['PATH'], HAWSER_DATA: '/data', HAWSER_LEASE_MS: ' ', TEMPORAL_TLS: '', ...VALUES },
      encoding: 'utf8',
    }),
  ) as never;
}

test('a diagnostic report holds no secret setting, and the process still reads them all; blank ones are not set', () => {
  expect(run(false).report).toContain('planted-private-key');
  const { report, seen } = run(true);
  expect(report).not.toContain('planted-');
  expect(report).toContain('HAWSER_DATA');
  expect(seen).toMatchObject({ HAWSER_DATA: '/data', ...VALUES });
  expect(seen).not.toHaveProperty('HAWSER_LEASE_MS');
  expect(seen).not.toHaveProperty('TEMPORAL_TLS');
});
