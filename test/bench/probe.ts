/** Asks a measured process about itself (probe-preload.cjs runs inside it). */
import { createConnection } from 'node:net';
import { join } from 'node:path';

interface ThreadAnswer {
  threadId: number;
  heapUsed?: number;
  file?: string;
}

interface ProbeAnswer {
  main: ThreadAnswer;
  threads: ThreadAnswer[];
  rss: number;
  /** Processor time of the whole process since its start, in microseconds. */
  cpuMicros: number;
}

export class Probe {
  /** `pid` is asked for at each question: a process may have been started again. */
  constructor(
    private readonly folder: string,
    private readonly pid: () => number,
  ) {}

  /** Heap in use after a collection, in bytes: of the main thread, of the other threads (those of workflows) together, and what is resident. */
  async heap(): Promise<{ main: number; workflowThreads: number; rss: number }> {
    const { main, threads, rss } = await this.ask({ command: 'heap' });
    return {
      main: main.heapUsed ?? 0,
      workflowThreads: threads.reduce((sum, thread) => sum + (thread.heapUsed ?? 0), 0),
      rss,
    };
  }

  /** Processor time so far, in microseconds. The question itself costs a fraction of a millisecond. */
  async cpuMicros(): Promise<number> {
    return (await this.ask({ command: 'cpu' })).cpuMicros;
  }

  /** Runs something under a CPU profile of every thread; resolves to the files. */
  async profiled(file: string, run: () => Promise<void>): Promise<string[]> {
    await this.ask({ command: 'profileStart' });
    await run();
    const { main, threads } = await this.ask({ command: 'profileStop', file });
    return [main, ...threads].flatMap((thread) => thread.file ?? []);
  }

  async snapshot(file: string): Promise<string[]> {
    const { main, threads } = await this.ask({ command: 'snapshot', file });
    return [main, ...threads].flatMap((thread) => thread.file ?? []);
  }

  private ask(question: { command: string; file?: string }): Promise<ProbeAnswer> {
    return new Promise((answered, failed) => {
      const socket = createConnection(join(this.folder, `${this.pid()}.sock`));
      let text = '';
      socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('error', failed);
      socket.on('end', () => {
        const answer = JSON.parse(text || '{"error":"no answer"}') as ProbeAnswer & { error?: string };
        if (answer.error) failed(new Error(`${question.command}: ${answer.error}`));
        else answered(answer);
      });
    });
  }
}
