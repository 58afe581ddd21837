/** Which vendor's archive suits a machine; every one has its checksum, and what is not known goes on to Go. */
// @ts-expect-error -- a script without types
import { mongoRelease, temporalRelease } from '../../scripts/stack/releases.mjs';

const linux = (osRelease: string, arch = 'x64') => ({ platform: 'linux', arch, osRelease });
const nameOf = (release: { url: string; sha256: string } | undefined): string | undefined => {
  if (release) expect(release.sha256).toMatch(/^[0-9a-f]{64}$/);
  return release?.url.split('/').at(-1);
};

test.each([
  ['Ubuntu 24.04', 'ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble', 'x86_64-ubuntu2404'],
  [
    'Mint 21',
    'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=vanessa\nUBUNTU_CODENAME=jammy',
    'x86_64-ubuntu2204',
  ],
  ['Debian 12', 'ID=debian\nVERSION_ID="12"', 'x86_64-debian12'],
  ['Debian 11', 'ID=debian\nVERSION_ID="11"', 'x86_64-ubuntu2004'],
  ['Rocky 9', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"', 'x86_64-rhel93'],
  ['Amazon 2023', 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"', 'x86_64-amazon2023'],
])('%s', (_, osRelease, name) => {
  expect(nameOf(mongoRelease(linux(osRelease)))).toBe(`mongodb-linux-${name}-8.0.32.tgz`);
});

test('macOS, and what nobody publishes', () => {
  const mac = { platform: 'darwin', arch: 'arm64', osRelease: '' };
  expect(nameOf(mongoRelease(mac))).toBe('mongodb-macos-arm64-8.0.32.tgz');
  expect(nameOf(temporalRelease(mac))).toBe('temporal_cli_1.8.3_darwin_arm64.tar.gz');
  expect(nameOf(temporalRelease(linux('')))).toBe('temporal_cli_1.8.3_linux_amd64.tar.gz');
  expect(mongoRelease(linux('ID=debian\nVERSION_ID="12"', 'arm64'))).toBeUndefined();
  expect(mongoRelease(linux('ID=alpine'))).toBeUndefined();
  expect(mongoRelease({ platform: 'win32', arch: 'x64', osRelease: '' })).toBeUndefined();
  expect(temporalRelease({ platform: 'win32', arch: 'x64', osRelease: '' })).toBeUndefined();
});
