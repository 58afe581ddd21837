/** One try of the refresh activity: the real `rotate` in a process that may crash, hang and come back as a zombie. */
import type { RefreshInput, RefreshOutcome } from '#workflows/connection/activities.js';
import type { CredentialFacts } from '#domain/grant.js';
import { rotate, type Renewal, type RotationDeps } from '../../apps/worker/activities/connection/rotation.js';
import { ACCESS_LIFE_MS, tokenFailure, type ModelProvider, type Tokens } from './model-provider.js';
import { modelVault, type Gate, type ModelVaultData } from './model-vault.js';
import type { Tape } from './tape.js';

export interface World {
  tape: Tape;
  clock: { now: number };
  vault: ModelVaultData;
  provider: ModelProvider;
  /** Refresh tokens that reached a process of ours which lived on to store them. */
  reached: Set<string>;
  /** Tries whose outcome nobody knows: crashed, hung, or with an answer that was lost on the way. */
  unknownTries: number;
  /** Versions that a zombie may have stored before it died: only a sweep of the whole vault finds them. */
  untold: Set<number>;
  /** Messages that come in while a process works. */
  interfere(): void;
  /** Checks at the moment of sending. */
  onSend(process: ModelProcess, input: RefreshInput): void;
  /** What was sent and how it ended, for the report of a failing run. */
  log(line: string): void;
}

/** An answer on its way is where most is at stake: there trouble is more frequent. */
const ORDINARY = { crash: 3, hang: 4, fail: 5, slow: 2, interfere: 6, go: 80 };
const TRAVELLING = { crash: 8, hang: 17, fail: 0, slow: 5, interfere: 10, go: 60 };

/** After so long without a heartbeat the try is given up, whether the process is dead or not. */
const HEARTBEAT_MS = 5_000;
const ANSWER_MS = 120_000;

export class ModelProcess {
  private static count = 0;
  readonly name = `p${(ModelProcess.count += 1)}`;
  /** The server has given it up. */
  isLost = false;
  /** Held up at a gate; called to go on. */
  resume: (() => void) | null = null;
  readonly lost: Promise<'lost'>;
  private giveUp: () => void = () => undefined;
  /** Resolves at its end; never, when it crashed. */
  readonly ended: Promise<RefreshOutcome>;
  private held: string | null = null;

  constructor(
    private readonly world: World,
    private readonly input: RefreshInput,
    /** Highest version of the grant in the vault when it began. */
    readonly highestAtStart: number,
  ) {
    this.lost = new Promise((resolve) => {
      this.giveUp = () => resolve('lost');
    });
    this.ended = rotate(this.deps(), input).then(async (outcome) => {
      await this.gate('report', false);
      return outcome;
    });
    // A rejection is looked at by who races for it; a zombie's is nobody's.
    this.ended.catch(() => {
      this.world.unknownTries += 1;
    });
  }

  private deps(): RotationDeps {
    const { clock } = this.world;
    return {
      vault: modelVault(this.world.vault, this.gate),
      sendRefresh: (input, base, wire) => this.send(input, base, wire),
      persistently: async (operation) => {
        for (;;) {
          try {
            return await operation();
          } catch {
            clock.now += 1_000;
          }
        }
      },
      confirm: async () => {
        await this.gate('confirm', true).then(
          (choice) => choice === 'fail' && Promise.reject(new Error('no Temporal')),
        );
        if (this.isLost) throw new Error('another try counts');
      },
      answerMs: ANSWER_MS,
      now: () => clock.now,
      jitter: () => 0.5,
    };
  }

  readonly gate: Gate = async (point, mayFail) => {
    const { tape, clock } = this.world;
    clock.now += 5;
    const choice = tape.choose(point === 'answer travels' ? TRAVELLING : ORDINARY);
    if (choice === 'interfere') this.world.interfere();
    if (choice === 'slow') clock.now += HEARTBEAT_MS - 800;
    if (choice === 'crash') {
      this.world.log(`${this.name} crashes ${point}`);
      // Given up before and dead now: nobody will ever tell of what it stored.
      if (this.isLost) this.world.untold.add(this.input.version);
      // What it held in memory is gone.
      if (this.held !== null) this.world.reached.delete(this.held);
      this.lose();
      return new Promise(() => undefined);
    }
    if (choice === 'hang' && !this.isLost) {
      this.world.log(`${this.name} hangs ${point}`);
      const resumed = new Promise<void>((resolve) => {
        this.resume = resolve;
      });
      this.lose();
      await resumed;
      this.world.log(`${this.name} goes on ${point}`);
    }
    return choice === 'fail' && mayFail ? 'fail' : 'go';
  };

  private lose(): void {
    if (this.isLost) return;
    this.isLost = true;
    this.world.unknownTries += 1;
    this.world.clock.now += HEARTBEAT_MS;
    this.giveUp();
  }

  private async send(
    input: RefreshInput,
    base: Renewal,
    wire: { sendBefore: number; onSent: () => void },
  ): Promise<Renewal> {
    const { clock, tape } = this.world;
    await this.gate('connect', false);
    const trouble = tape.choose({ refused: 4, throttled: 4, client: 2, unavailable: 5, answerLost: 6, none: 79 });
    if (clock.now >= wire.sendBefore || trouble === 'refused' || trouble === 'throttled')
      throw tokenFailure('transient', false);
    if (trouble === 'client') throw tokenFailure('client', false);
    this.world.onSend(this, input);
    wire.onSent();
    this.world.log(`${this.name} sends ${base.secret.refreshToken} for v${input.version}: ${trouble}`);
    if (trouble === 'unavailable') {
      this.world.unknownTries += 1;
      throw tokenFailure('transient', true);
    }
    const tokens = await this.answer(base.secret.refreshToken ?? '');
    if (trouble === 'answerLost') {
      this.world.unknownTries += 1;
      throw tokenFailure('transient', true);
    }
    return this.read(input, base, tokens);
  }

  /** The app does the work; then its answer travels. */
  private async answer(refreshToken: string): Promise<Tokens> {
    let tokens: Tokens;
    try {
      tokens = this.world.provider.refresh(refreshToken);
    } catch (error) {
      await this.gate('refusal travels', false);
      throw error;
    }
    await this.gate('answer travels', false);
    return tokens;
  }

  private read(input: RefreshInput, base: Renewal, tokens: Tokens): Renewal {
    const { clock, provider, reached } = this.world;
    const refreshToken = tokens.refreshToken ?? base.secret.refreshToken;
    if (tokens.refreshToken !== null) {
      this.held = tokens.refreshToken;
      reached.add(tokens.refreshToken);
    }
    const obtainedAt = clock.now;
    const facts: CredentialFacts = {
      ...base.facts,
      version: input.version,
      obtainedAt,
      accessExpiresAt: provider.kind.saysExpiry ? obtainedAt + ACCESS_LIFE_MS : null,
      refreshed: true,
    };
    return { facts, secret: { accessToken: tokens.accessToken, refreshToken } };
  }
}
