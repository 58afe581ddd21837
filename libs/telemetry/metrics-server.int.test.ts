import { freePort } from '../../test/support/free-port.js';
import { createMetrics } from './metrics.js';
import { startMetricsServer } from './metrics-server.js';

test('the port answers GET /metrics alone; off without one; a taken port names its setting', async () => {
  const metrics = createMetrics({ service: 'gateway', processMetrics: false });
  expect(await startMetricsServer(metrics, { port: null, bind: '127.0.0.1' })).toBeNull();
  const place = { port: await freePort(), bind: '127.0.0.1' };
  const server = await startMetricsServer(metrics, place);
  try {
    const page = await fetch(`http://127.0.0.1:${place.port}/metrics`);
    expect(page.headers.get('content-type')).toContain('text/plain');
    expect(await page.text()).toContain('# TYPE hawser_events_total counter');
    expect((await fetch(`http://127.0.0.1:${place.port}/`)).status).toBe(404);
    await expect(startMetricsServer(metrics, place)).rejects.toThrow(
      /HAWSER_METRICS_PORT is "\d+", and that port is taken/,
    );
  } finally {
    await server?.close();
  }
});
