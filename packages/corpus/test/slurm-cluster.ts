import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A Slurm of one machine inside a folder: its own ports, no munge, nothing of the system's touched. */
export interface SlurmCluster extends AsyncDisposable {
  env: NodeJS.ProcessEnv;
  /** Waits until the queue is empty. */
  idle(seconds: number): Promise<void>;
}

/**
 * Starts it, installing Debian's `slurm-wlm` where root may.
 * @returns the cluster, or why there is none here
 */
export async function startSlurm(folder: string): Promise<SlurmCluster | string> {
  const missing = installSlurm();
  if (missing) return missing;
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { recursive: true });
  const [controller, node] = [await freePort(), await freePort()];
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, configuration(folder, { controller, node }));
  const env = { ...process.env, SLURM_CONF: conf };
  const daemons = ['/usr/sbin/slurmctld', '/usr/sbin/slurmd'].map((program) =>
    spawn(program, ['-D'], { env, stdio: 'ignore' }),
  );
  const cluster: SlurmCluster = {
    env,
    async idle(seconds) {
      for (let left = seconds * 4; left > 0; left--) {
        const { stdout } = spawnSync('squeue', ['-h'], { env, encoding: 'utf8' });
        if (stdout.trim() === '') return;
        await setTimeout(250);
      }
      throw new Error(
        `jobs after ${seconds} s:\n${spawnSync('squeue', [], { env, encoding: 'utf8' }).stdout}`,
      );
    },
    async [Symbol.asyncDispose]() {
      spawnSync('scancel', ['--user=root'], { env });
      await Promise.all(daemons.map(stop));
    },
  };
  for (let left = 80; left > 0; left--) {
    const { stdout } = spawnSync('sinfo', ['-h', '-o', '%T'], { env, encoding: 'utf8' });
    if (stdout.trim() === 'idle') return cluster;
    await setTimeout(250);
  }
  await cluster[Symbol.asyncDispose]();
  return 'Slurm does not become idle here within 20 seconds';
}

function installSlurm(): string | undefined {
  if (existsSync('/usr/sbin/slurmctld') && existsSync('/usr/sbin/slurmd')) return undefined;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return 'no Slurm, and no right to install it';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'slurm-wlm'], {
    env,
    stdio: 'ignore',
  });
  return existsSync('/usr/sbin/slurmctld') ? undefined : 'Slurm cannot be installed here';
}

function configuration(folder: string, ports: { controller: number; node: number }): string {
  return `${[
    'ClusterName=lucie',
    `SlurmctldHost=${hostname()}(127.0.0.1)`,
    ...['SlurmUser=root', 'SlurmdUser=root', 'AuthType=auth/none', 'CredType=cred/none'],
    ...[`SlurmctldPort=${ports.controller}`, `SlurmdPort=${ports.node}`],
    ...[`StateSaveLocation=${folder}/state`, `SlurmdSpoolDir=${folder}/spool`],
    ...[`SlurmctldPidFile=${folder}/slurmctld.pid`, `SlurmdPidFile=${folder}/slurmd.pid`],
    ...[`SlurmctldLogFile=${folder}/slurmctld.log`, `SlurmdLogFile=${folder}/slurmd.log`],
    ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'MpiDefault=none', 'ReturnToService=2'],
    ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_Core', 'KillWait=2'],
    ...['JobAcctGatherType=jobacct_gather/none', 'AccountingStorageType=accounting_storage/none'],
    'SchedulerParameters=sched_interval=1,bf_interval=1',
    `NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 State=UNKNOWN`,
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
  ].join('\n')}\n`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    void setTimeout(3000).then(() => child.kill('SIGKILL'));
  });
}
