/** A process of its own for each scenario: the first plan is one of a program that has just started, and so is the memory. */
import { runScenario } from "./run-scenario.ts";
import { readScenario } from "./scenario.ts";

process.send?.(await runScenario(readScenario(process.argv[2])));
