/** A process of its own for each run: what a deployment pays that starts for one certificate, its libraries included. */
import { CONTENDERS } from "./acme-contenders.ts";
import type { AcmeJob, AcmeUse } from "./acme-job.ts";

const job = JSON.parse(process.argv[2] ?? "") as AcmeJob;
const obtain = await CONTENDERS[job.client](job);
if (job.isAtOnce) await Promise.all(job.certificates.map(obtain));
else for (const names of job.certificates) await obtain(names);

// performance.now() counts from the start of the process.
const wallMs = performance.now();
const { user, system } = process.cpuUsage();
const use: AcmeUse = {
  wallMs,
  cpuMs: (user + system) / 1000,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
process.send?.(use);
