/** What stands on the terminal when everything is up: the addresses, and three things to try. */
export function welcome({ addresses, dataDir, took, line }) {
  const { api, emulators, temporalUi } = addresses;
  const rows = [
    ['API', `${api}/v1  (documentation: ${api}/docs)`],
    ['API key', `in ${addresses.keyFile}`],
    ['Temporal Web UI', temporalUi ?? '(that of your own server)'],
    ...(addresses.uiCodeFile ? [['', `asks each browser once for the code in ${addresses.uiCodeFile}`]] : []),
    ['Emulated Salesforce', emulators.salesforceInstance],
    ['Emulated Zendesk', emulators.zendesk],
    ['Emulators’ control', `${emulators.control}/_emulator`],
    ['Data and logs', dataDir],
  ];
  line('');
  line(`Hawser is up after ${took}. Ctrl-C stops everything.`);
  for (const [name, value] of rows) line(`  ${name.padEnd(20)} ${value}`);
  line('');
  line('Three things to try:');
  line(
    `  1. Add an account at the emulated Salesforce (${emulators.salesforceInstance}) and see it become a Zendesk organization.`,
  );
  line(
    '  2. Revoke the grant there, add another account, and see its job wait; connect again, and it goes on by itself.',
  );
  line(
    `  3. Open a connection in the Temporal Web UI${temporalUi ? ` (${temporalUi})` : ''} and send it the signal \`verify\`.`,
  );
}
