import { expect, test } from "vitest";
import { renderChanges } from "../../../../infra/sandbox/program/deployment.ts";

const NOTHING = { create: 0, import: 0, update: 0, replace: 0, delete: 0, same: 27 };

test("the line that sums a run up names imports only where there were any", () => {
  expect(renderChanges(NOTHING)).toBe("0 created, 0 updated, 0 replaced, 0 deleted, 27 unchanged");
  expect(renderChanges({ ...NOTHING, import: 2, update: 1 })).toBe(
    "0 created, 1 updated, 0 replaced, 0 deleted, 27 unchanged, 2 imported",
  );
});
