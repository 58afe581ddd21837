import { createEvents } from './events.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';

const TOKEN = 'a1B2c3D4e5F6g7H8i9J0';

function capture(level = 'info') {
  const lines: string[] = [];
  return { lines, logger: createLogger({ service: 'test', level, write: (line) => lines.push(line) }) };
}

describe('the logger', () => {
  it('writes one JSON object a line with service, level and time', () => {
    const { lines, logger } = capture();
    logger.info({ connectionId: 'con_a' }, 'hello');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      service: 'test',
      level: 'info',
      connectionId: 'con_a',
      msg: 'hello',
      time: expect.stringMatching(/Z$/) as string,
    });
  });

  it.each<[string, object, string]>([
    ['known members', { accessToken: TOKEN, inner: { refreshToken: TOKEN, deep: { clientSecret: TOKEN } } }, 'x'],
    ['headers', { req: { headers: { authorization: `Bearer ${TOKEN}` } } }, 'x'],
    ['a message', {}, `GET /cb?code=${TOKEN}`],
    ['a text inside', { url: `https://x/?access_token=${TOKEN}` }, 'x'],
    ['a JSON inside', { body: JSON.stringify({ refresh_token: TOKEN }) }, 'x'],
  ])('lets no secret out by %s', (_name, fields, message) => {
    const { lines, logger } = capture();
    logger.info(fields, message);
    expect(lines.join('')).not.toContain(TOKEN);
    expect(() => JSON.parse(lines[0]!) as unknown).not.toThrow();
  });

  it('lets no secret out by an error, its stack or its cause', () => {
    const { lines, logger } = capture();
    logger.error({ err: new Error('outer', { cause: new Error(`answer {"access_token":"${TOKEN}"}`) }) }, 'failed');
    expect(lines.join('')).toContain('outer');
    expect(lines.join('')).not.toContain(TOKEN);
  });

  it('writes nothing below its level', () => {
    const { lines, logger } = capture('warn');
    logger.info('quiet');
    expect(lines).toEqual([]);
  });
});

describe('events', () => {
  it('write one line and count by app and code', async () => {
    const { lines, logger } = capture();
    const metrics = createMetrics({ service: 'test', processMetrics: false });
    const events = createEvents(logger, metrics);
    events.connectionLost({ workspaceId: 'ws_a', connectionId: 'con_a', app: 'salesforce', code: 'grant_revoked' });
    events.connectionLost({ workspaceId: 'ws_a', connectionId: 'con_b', app: 'salesforce', code: 'grant_revoked' });
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      event: 'connection_lost',
      level: 'warn',
      connectionId: 'con_a',
      code: 'grant_revoked',
    });
    const { text } = await metrics.page();
    expect(text).toContain(
      'hawser_events_total{event="connection_lost",app="salesforce",code="grant_revoked",service="test"} 2',
    );
    expect(text).not.toContain('con_a');
  });
});
