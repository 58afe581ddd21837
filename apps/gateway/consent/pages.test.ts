import { ERROR_CODES } from '#domain/errors.js';
import { connectPage } from './connect-page.js';
import { scriptLiteral } from './html.js';
import { outcomePage } from './outcome-page.js';

const EVIL = '</script><img src=x onerror=alert(1)>"\'';

test('nothing that people named can become markup', () => {
  const { body } = connectPage({
    workspaceName: EVIL,
    connectionName: EVIL,
    appName: EVIL,
    instance: EVIL,
    scopes: [EVIL],
    expiresAt: 0,
  });
  expect(body).not.toContain('<img');
  const page = outcomePage({
    connectionId: EVIL,
    attemptId: 'att_x',
    appName: EVIL,
    connectionName: EVIL,
    origin: 'https://hawser.example',
    end: {
      attemptId: 'att_x',
      outcome: 'failed',
      code: 'right_missing',
      text: EVIL,
      at: 0,
      evidence: { at: 0, appMessage: EVIL },
      missing: [{ requirement: 'x', text: EVIL }],
    },
  });
  expect(page.body).not.toContain('<img');
  expect(page.script).not.toContain('</script>');
});

test('a script literal is the same value again', () => {
  const value = { a: `${EVIL}\u2028` };
  expect(JSON.parse(scriptLiteral(value))).toEqual(value);
  expect(scriptLiteral(value)).not.toMatch(/[<>&\u2028]/);
});

test('the opener is told at our own origin only, and only a success closes the window', () => {
  const facts = {
    connectionId: 'con_x',
    attemptId: 'att_x',
    appName: 'Zendesk',
    connectionName: 'Z',
    origin: 'https://hawser.example',
  };
  const won = outcomePage({ ...facts, end: { attemptId: 'att_x', outcome: 'in_force', at: 0 } });
  expect(won.script).toContain('"https://hawser.example"');
  expect(won.script).toContain('window.close');
  const lost = outcomePage({
    ...facts,
    end: { attemptId: 'att_x', outcome: 'failed', code: 'consent_denied', text: 'No.', at: 0 },
  });
  expect(lost.script).not.toContain('window.close');
  expect(outcomePage({ ...facts, end: null }).title).toContain('has answered');
});

test('g23: the page shows the word and the words of the app, and the cure', () => {
  const { body } = outcomePage({
    connectionId: 'con_x',
    attemptId: 'att_x',
    appName: 'Salesforce',
    connectionName: 'Prod',
    origin: 'https://hawser.example',
    end: {
      attemptId: 'att_x',
      outcome: 'failed',
      code: 'consent_blocked',
      text: ERROR_CODES.consent_blocked.text,
      at: 0,
      evidence: { at: 0, appCode: 'OAUTH_APP_BLOCKED', appMessage: 'this app is blocked by admin' },
    },
  });
  expect(body).toContain('The app says: OAUTH_APP_BLOCKED: this app is blocked by admin');
  expect(body).toContain('Ask an administrator of the app');
});
